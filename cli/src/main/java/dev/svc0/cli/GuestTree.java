package dev.svc0.cli;

import dev.svc0.fs.hostfs.HostFileSystemType;
import dev.svc0.runtime.abi.Errno;
import dev.svc0.runtime.abi.Fcntl;
import dev.svc0.runtime.abi.MountFlags;
import dev.svc0.runtime.abi.StatConstants;
import dev.svc0.runtime.block.BlockDevice;
import dev.svc0.runtime.block.BlockDevices;
import dev.svc0.runtime.block.BlockDriverType;
import dev.svc0.runtime.vfs.Caller;
import dev.svc0.runtime.vfs.FileSystemType;
import dev.svc0.runtime.vfs.Lookup;
import dev.svc0.runtime.vfs.MountException;
import dev.svc0.runtime.vfs.Namei;
import dev.svc0.runtime.vfs.Path;
import dev.svc0.runtime.vfs.Vfs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Builds the tree of files that a program sees, from the options of the command line. */
final class GuestTree {
  private final Vfs vfs;

  GuestTree(Vfs vfs) {
    this.vfs = vfs;
  }

  /** A name of this machine as the guest's kernel sees it: one character a byte. */
  static String bytesOf(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** Mounts what {@code --root} names, or an empty tree in memory. */
  Path mountRoot(@Nullable String option) {
    if (option == null) {
      return mountRootFs("tmpfs", "none", null, 0, "mode=755");
    }
    MachineOptions.Place place = MachineOptions.Place.parse(option);
    if (Files.isDirectory(place.host())) {
      String host = place.host().toAbsolutePath().toString();
      if (place.readWrite()) {
        return mountRootFs("hostfs", host, null, 0, HostFileSystemType.TRUSTED);
      }
      return mountRootFs("overlay", host, null, 0, HostFileSystemType.TRUSTED);
    }
    return mountRootImage(place);
  }

  /** Mounts a disk image as the root: {@code FILE[:ro]}. */
  Path mountRootImage(String option) {
    return mountRootImage(MachineOptions.Place.parse(option));
  }

  private Path mountRootImage(MachineOptions.Place place) {
    BlockDevice disk = attachImage(place);
    return mountRootFs(typeOn(disk, place), "/dev/" + disk.name(), disk, flags(place), "");
  }

  private Path mountRootFs(
      String type, String source, @Nullable BlockDevice disk, long flags, String options) {
    try {
      return vfs.mountRoot(type, source, disk, flags, options);
    } catch (MountException e) {
      throw cannotMount(source, e);
    }
  }

  private static CommandException cannotMount(String source, MountException e) {
    return new CommandException(
        CommandException.FAILED, "cannot mount " + source + ": " + e.getMessage());
  }

  private static long flags(MachineOptions.Place place) {
    return place.readOnly() ? MountFlags.MS_RDONLY : 0;
  }

  /** The folders every program expects, and the file systems of the kernel itself. */
  void mountSystem(Caller caller) {
    for (String folder : List.of("/dev", "/proc", "/tmp", "/etc", "/root", "/mnt", "/sys")) {
      makeFolder(caller, folder, folder.equals("/tmp") ? 01777 : 0755);
    }
    mount(caller, "/dev", "devfs", "dev", null, 0, "");
    mount(caller, "/dev/pts", "devpts", "devpts", null, 0, "gid=5,mode=620,ptmxmode=666");
    mount(caller, "/proc", "proc", "proc", null, 0, "");
    mount(caller, "/sys", "sysfs", "sysfs", null, 0, "");
  }

  /** Creates a folder and those above it, unless they are there. */
  void makeFolder(Caller caller, String path, int mode) {
    for (int slash = path.indexOf('/', 1); ; slash = path.indexOf('/', slash + 1)) {
      String part = slash < 0 ? path : path.substring(0, slash);
      if (!part.isEmpty() && !part.equals("/")) {
        long made = Namei.mkdirat(caller, Fcntl.AT_FDCWD, part, mode);
        if (made != 0 && made != -Errno.EEXIST && made != -Errno.EROFS) {
          throw failed("create " + part, made);
        }
      }
      if (slash < 0) {
        return;
      }
    }
  }

  private static CommandException failed(String what, long result) {
    return new CommandException(
        CommandException.FAILED, "cannot " + what + ": " + Errno.nameOf((int) -result));
  }

  /** Mounts a disk image at a place. */
  void mountImage(Caller caller, String option) {
    MachineOptions.Place place = MachineOptions.Place.parse(option);
    String where = place.guest() == null ? "/mnt" : bytesOf(place.guest());
    BlockDevice disk = attachImage(place);
    makeFolder(caller, where, 0755);
    mount(caller, where, typeOn(disk, place), "/dev/" + disk.name(), disk, flags(place), "");
  }

  /** Shows a folder or a file of this machine at a place. */
  void bind(Caller caller, String option) {
    MachineOptions.Place place = MachineOptions.Place.parse(option);
    if (place.guest() == null) {
      throw new CommandException(
          2, "--bind takes HOST:GUEST with GUEST an absolute path, not '" + option + "'");
    }
    bind(caller, place.host(), bytesOf(place.guest()), place.readOnly());
  }

  void bind(Caller caller, java.nio.file.Path host, String where, boolean readOnly) {
    if (!Files.exists(host)) {
      throw new CommandException(CommandException.FAILED, "there is no " + host + " to bind");
    }
    if (Files.isDirectory(host)) {
      makeFolder(caller, where, 0755);
    } else {
      int slash = where.lastIndexOf('/');
      if (slash > 0) {
        makeFolder(caller, where.substring(0, slash), 0755);
      }
      long made = Namei.mknodat(caller, Fcntl.AT_FDCWD, where, StatConstants.S_IFREG | 0644, 0);
      if (made != 0 && made != -Errno.EEXIST) {
        throw failed("create " + where, made);
      }
    }
    mount(
        caller,
        where,
        "hostfs",
        host.toAbsolutePath().toString(),
        null,
        readOnly ? MountFlags.MS_RDONLY : 0,
        HostFileSystemType.TRUSTED);
  }

  private void mount(
      Caller caller,
      String where,
      String type,
      String source,
      @Nullable BlockDevice disk,
      long flags,
      String options) {
    long[] error = new long[1];
    Path place = Namei.kernPath(caller, where, Lookup.FOLLOW, error);
    if (place == null) {
      throw failed("mount on " + where, error[0]);
    }
    try {
      vfs.mountAt(place, type, source, disk, flags, options);
    } catch (MountException e) {
      throw cannotMount(source, e);
    }
  }

  /** Mounts a file system of any type: {@code TYPE:SOURCE:/GUEST}. */
  void mountAny(Caller caller, String option) {
    int first = option.indexOf(':');
    int last = option.lastIndexOf(":/");
    if (first <= 0 || last <= first) {
      throw MachineOptions.usage("--mount takes TYPE:SOURCE:/GUEST, not '" + option + "'");
    }
    String name = option.substring(0, first);
    String source = option.substring(first + 1, last);
    String where = bytesOf(option.substring(last + 1));
    FileSystemType type = typeOf(name);
    BlockDevice disk = type.requiresDevice() ? diskOf(source) : null;
    makeFolder(caller, where, 0755);
    // The mark says that whoever starts the machine asks for it, not a program inside.
    mount(caller, where, name, source, disk, 0, disk == null ? HostFileSystemType.TRUSTED : "");
  }

  private FileSystemType typeOf(String name) {
    List<String> known = new ArrayList<>();
    for (FileSystemType type : vfs.types()) {
      if (type.name().equals(name)) {
        return type;
      }
      known.add(type.name());
    }
    throw new CommandException(
        CommandException.USAGE,
        "there is no file system '" + name + "'; there are " + String.join(", ", known));
  }

  private BlockDevice diskOf(String name) {
    List<String> known = new ArrayList<>();
    for (BlockDevice disk : vfs.devices().all()) {
      if (disk.name().equals(name.replaceFirst("^/dev/", ""))) {
        return disk;
      }
      known.add(disk.name());
    }
    throw new CommandException(
        CommandException.USAGE,
        "there is no disk '" + name + "'; there are " + String.join(", ", known));
  }

  /** Adds a disk: {@code DRIVER:OPTIONS}. */
  BlockDevice addDrive(String option) {
    int colon = option.indexOf(':');
    String name = colon < 0 ? option : option.substring(0, colon);
    name = name.equals("null") ? "nullblk" : name;
    String options = colon < 0 ? "" : option.substring(colon + 1);
    return createDrive(vfs.devices(), name, options);
  }

  private BlockDevice attachImage(MachineOptions.Place place) {
    if (!Files.exists(place.host())) {
      throw new CommandException(
          CommandException.FAILED,
          "there is no image "
              + place.host()
              + "; make one with: svc0 image create "
              + place.host());
    }
    return createDrive(vfs.devices(), "loop", place.host() + (place.readOnly() ? ",ro" : ""));
  }

  private static BlockDevice createDrive(BlockDevices devices, String name, String options) {
    List<String> known = new ArrayList<>();
    for (BlockDriverType type : ServiceLoader.load(BlockDriverType.class)) {
      if (type.name().equals(name)) {
        try {
          return type.create(devices, options);
        } catch (IOException e) {
          throw new CommandException(CommandException.FAILED, "--drive " + e.getMessage());
        }
      }
      known.add(type.name());
    }
    throw new CommandException(
        2, "there is no driver '" + name + "'; there are " + String.join(", ", known));
  }

  /** Which file system an image holds: the first one that knows it. */
  private String typeOn(BlockDevice disk, MachineOptions.Place place) {
    List<String> tried = new ArrayList<>();
    for (FileSystemType type : vfs.types()) {
      if (type.requiresDevice()) {
        tried.add(type.name());
      }
    }
    String type = ImageProbe.typeOf(place.host(), tried);
    String doubt = ImageProbe.doubt(place.host());
    if (doubt != null) {
      System.err.println("svc0: " + doubt);
    }
    return type;
  }
}
