-- A folder action for Downloads: what AirDrop puts there goes into the inbox. docs/inbox-by-airdrop.md says how it is attached.
-- Untested: it was written without a Mac. What it calls, scripts/airdrop-to-inbox, is tested.

property theMover : "/Applications/Chartdraft/scripts/airdrop-to-inbox" -- where this clone lies
property theFolder : "Chartdraft/Inbox/soap" -- in your home folder; or the whole path, beginning with "/"

on adding folder items to downloads after receiving arrivals
	set target to theFolder
	if target does not start with "/" then set target to (POSIX path of (path to home folder)) & theFolder
	repeat with arrival in arrivals
		try
			do shell script quoted form of theMover & space & quoted form of target & space & quoted form of POSIX path of arrival
		on error why
			display notification "A file stays in Downloads: the inbox did not take it." with title "Chartdraft"
		end try
	end repeat
end adding folder items to
