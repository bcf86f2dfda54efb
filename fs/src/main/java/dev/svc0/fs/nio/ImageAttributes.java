package dev.svc0.fs.nio;

import dev.svc0.runtime.vfs.Attributes;
import dev.svc0.runtime.vfs.Inode;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an inode said when it was asked. */
record ImageAttributes(
    long number,
    int mode,
    int links,
    int uid,
    int gid,
    int rdev,
    long size,
    FileTime lastAccessTime,
    FileTime lastModifiedTime,
    FileTime changeTime,
    FileTime creationTime,
    boolean isRegularFile,
    boolean isDirectory,
    boolean isSymbolicLink)
    implements PosixFileAttributes {
  private static final long UTIME_OMIT = (1L << 30) - 2;

  /** Permissions by their bit, others' execution first. */
  private static final PosixFilePermission[] BITS = {
    PosixFilePermission.OTHERS_EXECUTE,
    PosixFilePermission.OTHERS_WRITE,
    PosixFilePermission.OTHERS_READ,
    PosixFilePermission.GROUP_EXECUTE,
    PosixFilePermission.GROUP_WRITE,
    PosixFilePermission.GROUP_READ,
    PosixFilePermission.OWNER_EXECUTE,
    PosixFilePermission.OWNER_WRITE,
    PosixFilePermission.OWNER_READ
  };

  static ImageAttributes read(ImagePath path, boolean follow) throws IOException {
    @Nullable ImageAttributes[] found = new ImageAttributes[1];
    path.getFileSystem()
        .ask(
            path,
            follow,
            inode -> {
              found[0] = of(inode);
              return 0;
            });
    ImageAttributes attributes = found[0];
    if (attributes == null) {
      throw new IOException(path + ": no answer");
    }
    return attributes;
  }

  private static ImageAttributes of(Inode inode) {
    inode.operations().getattr(inode);
    FileTime changed = time(inode.ctimeSeconds, inode.ctimeNanos);
    FileTime modified = time(inode.mtimeSeconds, inode.mtimeNanos);
    return new ImageAttributes(
        inode.number(),
        inode.mode,
        inode.nlink,
        inode.uid,
        inode.gid,
        inode.rdev,
        inode.size(),
        time(inode.atimeSeconds, inode.atimeNanos),
        modified,
        changed,
        inode.btimeNanos < 0 ? modified : time(inode.btimeSeconds, inode.btimeNanos),
        inode.isRegular(),
        inode.isDirectory(),
        inode.isSymlink());
  }

  private static FileTime time(long seconds, int nanos) {
    return FileTime.from(Instant.ofEpochSecond(seconds, nanos));
  }

  static int modeOf(Set<PosixFilePermission> permissions) {
    int mode = 0;
    for (int bit = 0; bit < BITS.length; bit++) {
      mode |= permissions.contains(BITS[bit]) ? 1 << bit : 0;
    }
    return mode;
  }

  @Override
  public boolean isOther() {
    return !isRegularFile && !isDirectory && !isSymbolicLink;
  }

  @Override
  public Object fileKey() {
    return number;
  }

  @Override
  public UserPrincipal owner() {
    return new ImagePrincipal(uid);
  }

  @Override
  public GroupPrincipal group() {
    return new ImagePrincipal(gid);
  }

  @Override
  public Set<PosixFilePermission> permissions() {
    Set<PosixFilePermission> set = EnumSet.noneOf(PosixFilePermission.class);
    for (int bit = 0; bit < BITS.length; bit++) {
      if ((mode >>> bit & 1) != 0) {
        set.add(BITS[bit]);
      }
    }
    return set;
  }

  /** Reads and changes them. */
  record View(ImagePath path, boolean follow) implements PosixFileAttributeView {
    @Override
    public String name() {
      return "posix";
    }

    @Override
    public PosixFileAttributes readAttributes() throws IOException {
      return read(path, follow);
    }

    private ImageFileSystem system() {
      return path.getFileSystem();
    }

    @Override
    public void setTimes(
        @Nullable FileTime modified, @Nullable FileTime accessed, @Nullable FileTime created)
        throws IOException {
      Instant atime = accessed == null ? Instant.EPOCH : accessed.toInstant();
      Instant mtime = modified == null ? Instant.EPOCH : modified.toInstant();
      system()
          .at(
              path,
              follow,
              (place, inode) ->
                  Attributes.vfsUtimes(
                      place,
                      atime.getEpochSecond(),
                      accessed == null ? UTIME_OMIT : atime.getNano(),
                      mtime.getEpochSecond(),
                      modified == null ? UTIME_OMIT : mtime.getNano(),
                      system().caller));
    }

    void setMode(int mode) throws IOException {
      system()
          .at(
              path,
              follow,
              (place, inode) -> Attributes.chmodCommon(place, mode & 07777, system().caller));
    }

    @Override
    public void setPermissions(Set<PosixFilePermission> permissions) throws IOException {
      int kept = read(path, follow).mode & 07000;
      setMode(kept | modeOf(permissions));
    }

    void setOwners(int uid, int gid) throws IOException {
      system()
          .at(
              path,
              follow,
              (place, inode) -> Attributes.chownCommon(place, uid, gid, system().caller));
    }

    @Override
    public UserPrincipal getOwner() throws IOException {
      return read(path, follow).owner();
    }

    @Override
    public void setOwner(UserPrincipal owner) throws IOException {
      setOwners(((ImagePrincipal) owner).id(), -1);
    }

    @Override
    public void setGroup(GroupPrincipal group) throws IOException {
      setOwners(-1, ((ImagePrincipal) group).id());
    }
  }
}
