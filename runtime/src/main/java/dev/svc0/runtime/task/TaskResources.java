package dev.svc0.runtime.task;

import dev.svc0.runtime.mm.MemoryManager;
import dev.svc0.runtime.vfs.Cred;
import dev.svc0.runtime.vfs.FilesStruct;
import dev.svc0.runtime.vfs.FsStruct;

/** What a new task is given; it takes over the references. */
record TaskResources(
    Cred cred,
    FsStruct fs,
    FilesStruct files,
    MemoryManager mm,
    SighandStruct sighand,
    ThreadContext context,
    TaskSettings settings) {}
