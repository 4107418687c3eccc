"""Every error code, with what a person at the desk should read and do.

`sentence` says what happened and what to do, in one sentence, for a terminal and for the note in the outbox alike.
Codes are a contract (scripts rely on them): add, never rename.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorText:
    """What is known about one code. `exit_code` is the command line's (DESIGN 7), `attempts` the retry limit."""

    sentence: str
    exit_code: int = 3
    attempts: int | None = 3


CATALOG: dict[str, ErrorText] = {
    # -- what came in ---------------------------------------------------------------------------------------------
    "media-empty": ErrorText("The file holds no data (0 bytes); please record or scan it again."),
    "media-unsupported": ErrorText(
        "This kind of file cannot be read; please send a voice memo (m4a, qta, wav, mp3 …) or a scan (pdf, jpg, png, tif, heic); a text (txt, md) goes into the folder of the document it is for."
    ),
    "media-mismatch": ErrorText("The file's content is not what its name says; please export or scan it again."),
    "media-truncated": ErrorText("The file is incomplete or damaged; please copy, record or scan it again."),
    "media-encrypted": ErrorText(
        "The PDF is locked with a password; please save it without a password and send it again."
    ),
    "media-too-long": ErrorText(
        "The recording is longer than the limit in the settings; please split it into shorter memos."
    ),
    "media-too-large": ErrorText(
        "The file is larger than the limit in the settings; please split it or scan at a lower resolution."
    ),
    "media-too-many-pages": ErrorText("The scan has more pages than the limit in the settings; please split it."),
    "media-too-many-pixels": ErrorText(
        "A page is larger than the limit in the settings; please scan it at 300 dpi or less."
    ),
    "speech-none": ErrorText("No speech was found in the recording; please check the microphone and record it again."),
    "speech-other-language": ErrorText(
        "The recording holds speech in another language than the one in the settings, and nothing was drafted from it; please write the note yourself."
    ),
    "page-unreadable": ErrorText(
        "Nothing could be read on the scan; please scan it again, flat, straight and well lit."
    ),
    "file-vanished": ErrorText("The file went away before it was taken in; please put it into the inbox again."),
    "file-changed": ErrorText(
        "The file changed while it was being taken in; it will be taken in when it is quiet.", 75, None
    ),
    "file-locked": ErrorText(
        "The file cannot be read by this account; please check its permissions, and it is taken in by itself.", 75, None
    ),
    "seal-unreadable": ErrorText(
        "The .age file was not sealed for this machine; please seal it with the inbox's RECIPIENT.txt."
    ),
    # -- folders in the inbox from which nothing is taken ----------------------------------------------------------
    "inbox-folder-unknown": ErrorText(
        "The folder does not bear the name of a document, and nothing shows that it is a packet of one visit of one patient; please put its files into the folder of the document they are for, or make a packet of them.",
        3,
        None,
    ),
    "inbox-folder-several": ErrorText(
        "The folder holds several memos, which may be of several patients; please put each memo into the inbox by itself, or the folder of one patient into the folder of the document it is for.",
        3,
        None,
    ),
    "inbox-folder-nested": ErrorText(
        "The folder holds other folders, which may be of several patients; please put each visit's folder into the inbox by itself.",
        3,
        None,
    ),
    "inbox-folder-crowded": ErrorText(
        "The folder holds more files than one visit has; please put the files of each visit into a folder of their own.",
        3,
        None,
    ),
    "inbox-folder-odd": ErrorText(
        "The folder holds something that is not a plain file, such as a link or a shortcut; please put the file itself there.",
        3,
        None,
    ),
    "inbox-folder-package": ErrorText(
        "This is a document of another program (Pages, for example), which cannot be read; please export it as a PDF.",
        3,
        None,
    ),
    "inbox-folder-away": ErrorText(
        "A file of the folder is not on this computer, but still in the cloud; please download it, and the folder is taken in by itself.",
        3,
        None,
    ),
    "inbox-folder-locked": ErrorText(
        "The folder cannot be read by this account; please check its permissions, and it is taken in by itself.",
        3,
        None,
    ),
    "document-unknown": ErrorText("There is no such document; `chartdraft documents list` shows those there are.", 2),
    "document-unsuitable": ErrorText(
        "This document cannot be drafted from this kind of file; please put it into the folder of another document, or choose one with --as."
    ),
    "document-invalid": ErrorText("A document's TOML file is not valid; please mend it as shown, or remove it.", 2),
    "handout-invalid": ErrorText("A handout's file is not valid; please mend it as shown, or remove it.", 2),
    # -- engines --------------------------------------------------------------------------------------------------
    "engine-crashed": ErrorText(
        "The reading program stopped unexpectedly; please try `chartdraft retry`, or record or scan it again."
    ),
    "engine-timeout": ErrorText(
        "Reading took longer than the limit in the settings; please split the file into shorter parts."
    ),
    "engine-memory": ErrorText(
        "Reading needed more memory than the limit in the settings; please split the file into smaller parts."
    ),
    "engine-protocol": ErrorText(
        "The reading program gave an answer that makes no sense; please run `chartdraft doctor`."
    ),
    "engine-start": ErrorText("The reading program could not start; please run `chartdraft doctor`.", 75),
    "engine-not-here": ErrorText(
        'The settings name a reading engine that is not installed here; please install it, or set `engine` below [speech] and [forms] to "auto".',
        5,
        None,
    ),
    "speech-engine-model": ErrorText(
        'The settings name an engine and a model for speech that do not belong together; please set `engine` below [speech] to "auto".',
        5,
        None,
    ),
    "isolation-missing": ErrorText(
        "The process that reads patients' files could not be shut in; please run `chartdraft doctor`, which says what to install.",
        5,
    ),
    "engine-model": ErrorText(
        "The language model cannot be used here (it is no GGUF file, or a damaged one); please install another.",
        5,
    ),
    "engine-family": ErrorText(
        "This language model marks the turns of a talk in a way that is not known here; please install one of the families Llama 3, Qwen 2.5 or 3, Gemma 2 or 3, or SmolLM2.",
        5,
    ),
    "engine-adapter": ErrorText(
        "The adapter of the language model is damaged or belongs to another model; please install the model again.", 5
    ),
    "model-missing": ErrorText(
        "A model is not installed; please run `scripts/setup` or `chartdraft models install`.", 5, None
    ),
    "model-altered": ErrorText(
        "A model's file is not the one that was installed; please run `chartdraft models install` again.", 4, None
    ),
    "adapter-altered": ErrorText(
        "The trained adapter is not the file that came with Chartdraft; please install Chartdraft again.", 4, None
    ),
    "model-unknown": ErrorText("There is no model of that name; `chartdraft models list` shows those there are.", 2),
    "model-source": ErrorText(
        "The model could not be fetched from its source; please check the name, the revision and the network.", 75
    ),
    "model-disk": ErrorText(
        "There is not enough free disk space for the model; please free some and run the command again.", 75
    ),
    "model-revision": ErrorText(
        "A Hugging Face model needs a pinned revision: OWNER/NAME@COMMIT with 40 hex digits.", 2
    ),
    "draft-incomplete": ErrorText(
        "The language model stopped before a section was complete; please try `chartdraft retry`."
    ),
    "item-poison": ErrorText(
        "Working on this file stopped the whole program several times, so it is not tried again by itself; please record or scan it again, or type the note."
    ),
    "draft-looping": ErrorText("The language model repeated itself; please try `chartdraft retry`."),
    # -- storing and delivering -----------------------------------------------------------------------------------
    "disk-full": ErrorText("The disk is full; please free some space, and the work goes on by itself.", 75, None),
    "state-unwritable": ErrorText(
        "The state folder cannot be written; please check that the folder is there and may be written.", 75, None
    ),
    "state-damaged": ErrorText("The list of jobs is damaged; please restore the state folder from its backup.", 4),
    "state-newer": ErrorText(
        "A newer version of Chartdraft has worked with this home; please install that version again, since going back is not possible without the backup from before the upgrade.",
        5,
    ),
    "inbox-unwritable": ErrorText(
        "A file that was taken in cannot be removed from the inbox; please check that the folder may be written.",
        75,
        None,
    ),
    "outbox-unwritable": ErrorText(
        "The outbox cannot be written; please check that the folder is there and may be written.", 75, None
    ),
    "volume-away": ErrorText(
        "The encrypted volume that inbox and outbox lie on is not there; please start the computer again, or ask whoever looks after Chartdraft to mount it, and the work goes on by itself.",
        75,
        None,
    ),
    "inbox-away": ErrorText(
        "The inbox is not there; please connect the share or the disk that it lies on, or put the folder back, and the work goes on by itself.",
        75,
        None,
    ),
    "folders-hang": ErrorText(
        "The folders have not answered for some minutes; please check that the share or disk that inbox and outbox lie on is there, or start the computer again, and the work goes on by itself.",
        75,
        None,
    ),
    "vault-missing": ErrorText(
        "A sealed file is missing from the vault; please restore the state folder from its backup.", 4
    ),
    "vault-unreadable": ErrorText(
        "A sealed file cannot be opened with this machine's key; please restore the state folder from its backup.", 4
    ),
    "vault-purged": ErrorText(
        "This was deleted from the vault when its time was over, or by `chartdraft purge`; it cannot be brought back.",
        3,
    ),
    "vault-day-ended": ErrorText(
        "A key of the vault was destroyed while it was used; it is tried again with another.", 75
    ),
    "audit-broken": ErrorText(
        "The audit trail has been changed or damaged; keep a copy and run `chartdraft audit verify`.", 4
    ),
    "audit-checkpoint-invalid": ErrorText(
        "The checkpoint is not one that this machine signed for this audit trail.", 4
    ),
    "audit-unproven": ErrorText(
        "No checkpoint reaches that far; please sign one with `chartdraft audit checkpoint` and ask again.", 2
    ),
    "audit-proof-invalid": ErrorText(
        "The file proves nothing about this audit trail: it is no proof, is not under this key, or does not hold; one that the trail grew also needs --since with the older checkpoint.",
        4,
    ),
    # -- set-up and use -------------------------------------------------------------------------------------------
    "config-invalid": ErrorText("The settings are not valid; please mend config.toml as shown.", 2),
    "config-missing": ErrorText("This home is not set up yet; please run `chartdraft init`.", 2),
    "folders-overlap": ErrorText("Inbox, outbox and state must be three separate folders, none inside another.", 5),
    "folder-symlink": ErrorText("The inbox, outbox and state folders must not be symbolic links.", 5),
    "folder-open": ErrorText("The state folder can be read by other accounts; please run `chmod 700` on it.", 5),
    "folder-cloud": ErrorText(
        "The folder is inside a cloud-synced folder; move it, or set cloud_agreement = true if an agreement exists.", 5
    ),
    "keys-missing": ErrorText("The key of this machine is missing; please restore state/keys from its backup.", 5),
    "keys-elsewhere": ErrorText(
        "This machine's key does not lie where keys_in in config.toml says; please set it back, or move the key with `chartdraft rekey --keep-recovery`.",
        5,
    ),
    "keychain-missing": ErrorText(
        'There is no Keychain that this account can use here; please set keys_in = "file" in config.toml.', 5
    ),
    "keychain-locked": ErrorText(
        "The Keychain did not give this machine's key; please log in and unlock it, and the work goes on by itself.",
        75,
        None,
    ),
    "rekey-unfinished": ErrorText(
        "A change of keys was interrupted; please run `chartdraft rekey` again, which goes on where it stopped.", 5
    ),
    "rekey-inbox": ErrorText(
        "Sealed files (.age) still lie in the inbox, and only the key that is to be destroyed opens them; please let Chartdraft take them in first, or move them away.",
        3,
    ),
    "rekey-unreadable": ErrorText(
        "Some sealed files cannot be opened any more, so the old key was kept; please restore them from a backup and run `chartdraft rekey` again, or have them removed with --remove-unreadable.",
        4,
    ),
    "recovery-unusable": ErrorText(
        "The file for the recovery key cannot be written, or holds something else; please name another with --recovery-out.",
        2,
    ),
    "keys-open": ErrorText("A key file can be read by other accounts; please run `chmod 600` on it.", 5),
    "already-running": ErrorText("Chartdraft is already running for this home.", 75),
    "job-unknown": ErrorText("There is no such job; `chartdraft status` shows those there are.", 2),
    "job-ambiguous": ErrorText("More than one job begins with these characters; please give more of them.", 2),
    "job-busy": ErrorText("This job is still being worked on; please wait until it is done.", 75),
    "job-not-ready": ErrorText("This job has no draft yet; please see `chartdraft status`.", 3),
    "wrong-use": ErrorText("The command was not used as it is meant to be; please see --help.", 2),
    "corpus-unreadable": ErrorText(
        "The file is not in the expected form: one JSON object a line, with a dialogue and its note.", 2
    ),
    "measurements-unreadable": ErrorText(
        "The file does not hold measurements as `chartdraft bench --report` or `chartdraft eval drafts --json` write them.",
        2,
    ),
    "corpus-missing": ErrorText(
        "Please name what to measure on with --data FILE: JSON lines with `dialogue` and `note` (ACI-Bench), or `section`, `dialogue` and `text` (MTS-Dialog). Both sets are public, from their authors' repositories of those names.",
        2,
    ),
    "reading-material-missing": ErrorText(
        "The recordings and forms to measure reading by are not there or not readable: please name their folder with --data DIR. They ship with the repository, in tests/assets/reading.",
        2,
    ),
    "note-unreadable": ErrorText(
        "The note holds no sentences, or is JSON of an unknown form; it should be plain text, a draft, or JSON with `note`, `sections` (title and text), or the sections' names as keys.",
        2,
    ),
    "source-unreadable": ErrorText(
        "The source holds no words, or is JSON of an unknown form; it should be plain text, captions, or JSON with `passages`, `dialogue`, `segments`, or a list of turns (speaker, text, start, end).",
        2,
    ),
    "source-needed": ErrorText(
        "This note brings no passages with it; please name the text it was written from with --source.", 2
    ),
    "text-unreadable": ErrorText("The file is no text; please save it as plain text (UTF-8) or JSON.", 2),
    "text-too-large": ErrorText("The file is larger than 5 MB; please check one visit at a time.", 2),
    "file-missing": ErrorText("The file is not there or cannot be read.", 2),
    "file-exists": ErrorText("A file of that name is there already; please choose another with -o.", 2),
    "target-unwritable": ErrorText("The file cannot be written there; please choose another place with -o.", 2),
    "disk-unencrypted": ErrorText(
        "The disk is not encrypted; please turn on FileVault, or set accept_unencrypted_disk = true if that is accepted.",
        5,
    ),
    "state-on-share": ErrorText(
        "The state folder lies on a network share, where a database is not safe; please set state_dir to a folder on this machine.",
        5,
    ),
    "volume-beside": ErrorText(
        "Inbox and outbox must lie on the encrypted volume that the settings name; please set inbox_dir and outbox_dir.",
        5,
    ),
    "clock-wrong": ErrorText("The clock of this machine is wrong; please set the date and time.", 5),
    "home-unsafe": ErrorText(
        "This home is not safe to use as it is; please run `chartdraft doctor` and mend what it names.", 5
    ),
    # -- the background service -------------------------------------------------------------------------------------
    "service-not-installed": ErrorText(
        "The background service is not installed; please run `chartdraft service install`."
    ),
    "service-no-manager": ErrorText(
        "Nothing here starts services for this account (neither launchd nor systemd answers); please log in as the account itself instead of through su or sudo, or install with --system, or start `chartdraft run` by other means.",
        2,
    ),
    "service-no-session": ErrorText(
        "macOS starts this account's services only while it is logged in at the screen; please run the command there (not over SSH) with Chartdraft allowed under System Settings > General > Login Items, or install with --system.",
        75,
    ),
    "service-busy": ErrorText("The system is still stopping the old service; please try again in a minute.", 75),
    "service-refused": ErrorText("The system did not accept the background service, and says why below."),
    "service-needs-root": ErrorText(
        "A service of the whole machine is installed and removed by its administrator; please run the same command with sudo.",
        2,
    ),
    "service-as-root": ErrorText(
        "With sudo this would become a service of the administrator; please run it without sudo, or with --system.", 2
    ),
    "service-home-needed": ErrorText(
        "A service of the whole machine needs a home that is no person's own; please name one before the command, such as --home /Users/Shared/Chartdraft or --home /srv/chartdraft.",
        2,
    ),
    "service-program-missing": ErrorText(
        "The program `chartdraft` is not where it was installed; please run `scripts/install` again.", 2
    ),
    "service-path": ErrorText(
        "The path of the program, the home or the settings holds a character that cannot stand in a service's description; please rename the folder.",
        2,
    ),
    "service-account": ErrorText(
        "The service's own account could not be made; please make it with the commands below."
    ),
    "service-blocked": ErrorText(
        "The service's own account may not run the program or read the home; please install Chartdraft with its models, and put the home, where every account may look (not inside a person's home folder).",
        5,
    ),
    "network-refused": ErrorText(
        "A part of Chartdraft tried to reach the network, and was not let; nothing left this machine; please tell who looks after Chartdraft."
    ),
    "note-missing": ErrorText(
        "Something went wrong inside Chartdraft, and no note could be written of it; nothing is lost; please run `chartdraft doctor`, then `chartdraft retry`."
    ),
    "internal": ErrorText(
        "Something went wrong inside Chartdraft; nothing is lost; please run `chartdraft doctor`.", 3
    ),
}
