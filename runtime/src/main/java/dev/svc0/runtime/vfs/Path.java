package dev.svc0.runtime.vfs;

/**
 * A place in the tree: a directory entry as seen through a mount.
 *
 * @param mount which mount
 * @param dentry which entry of its file system
 */
public record Path(Mount mount, Dentry dentry) {}
