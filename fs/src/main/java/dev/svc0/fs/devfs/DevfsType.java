package dev.svc0.fs.devfs;

import com.google.auto.service.AutoService;
import dev.svc0.fs.tmpfs.TmpfsNodes;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.tty.HostTerminal;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.MountRequest;
import dev.svc0.runtime.vfs.SuperBlock;

/** The kind of file system {@code devfs}: /dev with all nodes in place. */
@AutoService(FileSystemType.class)
public final class DevfsType implements FileSystemType {
  private static final int MEMORY = 1;
  private static final int TTY_AUX = 5;

  @Override
  public String name() {
    return "devfs";
  }

  @Override
  public boolean requiresDevice() {
    return false;
  }

  @Override
  public SuperBlock mount(MountRequest request) throws MountException {
    String options = request.options().isEmpty() ? "mode=755" : "mode=755," + request.options();
    MountRequest withMode =
        new MountRequest(request.vfs(), request.source(), null, request.flags(), options);
    TmpfsNodes nodes = new TmpfsNodes(this, withMode);
    character(nodes, "null", MEMORY, 3, 0666);
    character(nodes, "zero", MEMORY, 5, 0666);
    character(nodes, "full", MEMORY, 7, 0666);
    character(nodes, "random", MEMORY, 8, 0666);
    character(nodes, "urandom", MEMORY, 9, 0666);
    character(nodes, "kmsg", MEMORY, 11, 0644);
    character(nodes, "tty", TTY_AUX, 0, 0666);
    character(nodes, "console", TTY_AUX, 1, 0600);
    character(nodes, "ptmx", TTY_AUX, 2, 0666);
    nodes.addNode(HostTerminal.NAME, StatConstants.S_IFCHR | 0666, HostTerminal.DEVICE);
    nodes.addSymlink("fd", "/proc/self/fd");
    nodes.addSymlink("stdin", "/proc/self/fd/0");
    nodes.addSymlink("stdout", "/proc/self/fd/1");
    nodes.addSymlink("stderr", "/proc/self/fd/2");
    nodes.addDirectory("shm", 01777);
    nodes.addDirectory("pts", 0755);
    for (BlockDevice device : request.vfs().devices().all()) {
      addDisk(nodes, device);
    }
    request.vfs().devices().onAdd(device -> addLater(nodes, device));
    return nodes.superBlock();
  }

  private static void addDisk(TmpfsNodes nodes, BlockDevice device) throws MountException {
    nodes.addNode(
        device.name(), StatConstants.S_IFBLK | 0660, device.major() << 20 | device.minor());
  }

  /** A disk came while /dev is mounted: its node appears. */
  private static void addLater(TmpfsNodes nodes, BlockDevice device) {
    try {
      addDisk(nodes, device);
    } catch (MountException noRoom) {
      // nr_inodes says how many nodes there may be; the disk can be used without one.
    }
  }

  private static void character(TmpfsNodes nodes, String name, int major, int minor, int mode)
      throws MountException {
    nodes.addNode(name, StatConstants.S_IFCHR | mode, major << 20 | minor);
  }
}
