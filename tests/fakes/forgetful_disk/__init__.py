"""A disk that forgets what was not synced: a file system for tests, in a process of its own, over Linux's /dev/fuse.

It has a *live* state, which programs see, and a *durable* one, which is what a power cut leaves. What counts as durable is the least
that is promised anywhere, not what one file system happens to do:

| done | durable | source |
|---|---|---|
| write, truncate, chmod | nothing | POSIX.1-2017 write(), fsync() |
| fsync(file) | its content, size, mode and times; **not** its name | fsync(2): "does not necessarily ensure that the entry in the directory … has also reached disk" |
| create, link, rename, unlink, mkdir | nothing | as above |
| fsync(folder) | what was done to the names in it so far | fsync(2): "for that an explicit fsync() on a file descriptor for the directory is also needed" |
| rename | all of it or nothing, also between two folders | POSIX rename(); so in each file system that Pillai et al. looked at with journalling (2014, table 1) |

What was not durable may have reached the disk all the same: any of it, in any order, torn between sectors of 512 bytes. Pillai et al., "All
File Systems Are Not Created Equal" (OSDI 2014), sections 2 and 3, found content and names reordered, appended sizes without their content
(writeback mode) and names without their content (delayed allocation); Ramos et al., "When Amnesia Strikes" (PVLDB 17(11), 2024; LazyFS)
drop everything and tear single writes. `tree.CUTS` names each of these.

LazyFS itself needs a compiler and a checkout, dm-log-writes a device mapper in the kernel; this needs `/dev/fuse` and `fusermount3`.
The operations may also be made to fail: `mounted.ForgetfulDisk.fail`.
"""
