"""What people ask for around the daemon: a home set up and checked, the background service, single jobs, the audit trail."""
