// The folders that a service needs before its sockets can be made.
package org.scmid.server.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;
import org.scmid.config.ConfigFiles;
import org.scmid.config.service.AgentSpec;
import org.scmid.config.service.Service;
import org.scmid.config.service.TransportSpec;
import org.scmid.config.window.NotifySpec;
import org.scmid.server.core.state.StateFolder;

/** Makes the runtime directory, which is ours; a folder that a service file names is somebody's, and must be there. */
final class RuntimeFolders {
    private static final Path OF_ROOT = Path.of("/run/scmid");

    private RuntimeFolders() {}

    /**
     * Makes the runtime directory if it is needed, with its parents: mode 0700, but 0755 for {@code /run/scmid}, where
     * virtual machine monitors of other users come to the sockets that they may use.
     *
     * @param state the folder in it where the state of agents is kept; null if it is not kept
     * @throws UserException if it cannot be made, if others may change what is where the state is, or if the folder of a
     *     socket elsewhere is not there
     */
    static void prepare(Service service, Path runtime, @Nullable Path state) throws UserException {
        boolean needed = state != null;
        for (AgentSpec agent : service.agents().values()) {
            Path socket = madeSocket(agent.transport());
            Path folder =
                    socket == null ? null : socket.toAbsolutePath().normalize().getParent();
            if (folder == null) {
                continue;
            }
            if (folder.equals(runtime.toAbsolutePath().normalize())) {
                needed = true;
            } else if (!Files.isDirectory(folder)) {
                throw new UserException("agent " + agent.name() + ": its socket cannot be " + socket + ", for "
                        + (Files.exists(folder) ? folder + " is not a folder" : "there is no folder " + folder)
                        + "; make it first, or name another socket");
            }
        }
        if (needed && !Files.isDirectory(runtime)) {
            make(runtime);
        }
        Path ofServices = state == null ? null : state.getParent();
        if (ofServices != null) {
            try {
                StateFolder.open(ofServices);
            } catch (IOException e) {
                throw new UserException(reason(e));
            }
        }
    }

    private static void make(Path runtime) throws UserException {
        String mode = runtime.equals(OF_ROOT) ? "rwxr-xr-x" : "rwx------";
        try {
            Files.createDirectories(
                    runtime, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
        } catch (IOException e) {
            throw new UserException("the runtime directory " + runtime + " cannot be made: " + reason(e)
                    + (runtime.equals(ConfigFiles.runtimeDirectory())
                            ? "; name another with --runtime-dir, or set XDG_RUNTIME_DIR"
                            : ""));
        }
    }

    /** The socket that the service makes for an agent; null if the other side makes it. */
    private static @Nullable Path madeSocket(TransportSpec transport) {
        return switch (transport) {
            case TransportSpec.VhostUser it -> it.mode() == TransportSpec.Mode.LISTEN ? it.socket() : null;
            case TransportSpec.Socket it -> it.socket();
            case TransportSpec.VirtioMmio it -> madeSocket(it.notification());
            case TransportSpec.FatVirtqueue it -> madeSocket(it.notification());
            case TransportSpec.Serial it -> null;
        };
    }

    private static @Nullable Path madeSocket(NotifySpec notification) {
        return notification instanceof NotifySpec.Ivshmem it ? it.socket() : null;
    }

    /** What a failure of the file system is, in words: for some of them Java's message is only the file's name. */
    static String reason(IOException failure) {
        return switch (failure) {
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case FileAlreadyExistsException inTheWay -> inTheWay.getFile() + " is not a folder";
            case NoSuchFileException missing -> missing.getFile() + ": there is no such file";
            case FileSystemException other -> String.valueOf(other.getMessage());
            default -> String.valueOf(failure.getMessage());
        };
    }
}
