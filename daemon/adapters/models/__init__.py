"""The models on this machine: installed from pinned sources, checked before each use."""
