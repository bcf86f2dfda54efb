package dev.svc0.fs.nio;

import java.io.IOException;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.attribute.UserPrincipalNotFoundException;

/**
 * A user or a group, by its number: the names are those of the image's own /etc, not the host's.
 */
record ImagePrincipal(int id) implements GroupPrincipal {
  @Override
  public String getName() {
    return Integer.toUnsignedString(id);
  }

  /** Finds users and groups by their numbers; {@code root} is 0. */
  static final class ByNumber extends UserPrincipalLookupService {
    @Override
    public UserPrincipal lookupPrincipalByName(String name) throws IOException {
      return lookupPrincipalByGroupName(name);
    }

    @Override
    public GroupPrincipal lookupPrincipalByGroupName(String group) throws IOException {
      try {
        return new ImagePrincipal(group.equals("root") ? 0 : Integer.parseUnsignedInt(group));
      } catch (NumberFormatException e) {
        throw new UserPrincipalNotFoundException(group);
      }
    }
  }
}
