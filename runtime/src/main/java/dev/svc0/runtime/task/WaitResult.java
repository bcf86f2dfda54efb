package dev.svc0.runtime.task;

/**
 * What a wait collected.
 *
 * @param pid the child
 * @param uid its real user id
 * @param status wait status as wait4 stores it
 * @param code CLD_ code as waitid stores it
 * @param info exit code or signal as waitid stores it
 * @param child the child's accounting, own threads gone
 * @param process the child
 */
public record WaitResult(
    int pid, int uid, int status, int code, int info, Accounting child, SignalStruct process) {}
