// Where boards and services come from: files, and what is built in.
package org.scmid.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Loads and checks board files and service files. All problems of a file are reported at once. */
public final class ConfigFiles {
    /** Where this machine's file system begins. */
    private static final Path ROOT = Path.of("/");

    private ConfigFiles() {}

    /**
     * Loads a board file.
     *
     * @throws ConfigException if it cannot be read or anything is wrong with it
     */
    public static Board board(Path file) throws ConfigException {
        Problems problems = new Problems();
        Node.Mapping root = YamlReader.read(file.toString(), bytes(file), problems);
        if (likeness(root) < 0) {
            problems.add(root.place(), "this is a service file; name its board, or a board file: see docs/boards.md");
            throw problems.exception();
        }
        return sound(BoardReader.read(new Includes.Source.OnDisk(file), root, problems), problems);
    }

    /**
     * Loads a board that is built in.
     *
     * @param name one of {@link #builtInBoards()}
     * @throws ConfigException if there is none of this name
     */
    public static Board builtInBoard(String name) throws ConfigException {
        Problems problems = new Problems();
        if (!BuiltIn.BOARDS.contains(name)) {
            throw Problems.single(
                    new Place(name, 1, 1),
                    "there is no built-in board " + Problems.quote(name) + problems.didYouMean(name, BuiltIn.BOARDS));
        }
        String resource = BuiltIn.boardResource(name);
        Node.Mapping root = YamlReader.read(BuiltIn.place(resource), BuiltIn.read(resource), problems);
        return sound(BoardReader.read(new Includes.Source.BuiltInResource(resource), root, problems), problems);
    }

    /**
     * Loads a board by what a user writes for it: the name of a built-in board, or else a path.
     *
     * @param reference name or path; a path that could be a name is written with a {@code ./} before it
     * @param relativeTo the folder that a relative path starts from
     * @throws ConfigException if there is no such board or anything is wrong with it
     */
    public static Board boardByNameOrPath(String reference, Path relativeTo) throws ConfigException {
        return board(reference, relativeTo, new Place(reference, 1, 1));
    }

    /**
     * Loads a service file and its board; sockets that the file does not name are under the runtime directory of this
     * process' user.
     *
     * @throws ConfigException if it cannot be read or anything is wrong with it or its board
     */
    public static Service service(Path file) throws ConfigException {
        return service(file, runtimeDirectory());
    }

    /**
     * Loads a service file and its board.
     *
     * @param runtimeDirectory where sockets are that the file does not name
     * @throws ConfigException if it cannot be read or anything is wrong with it or its board
     */
    public static Service service(Path file, Path runtimeDirectory) throws ConfigException {
        Problems problems = new Problems();
        Node.Mapping root = YamlReader.read(file.toString(), bytes(file), problems);
        if (likeness(root) > 0) {
            problems.add(
                    root.place(),
                    "this is a board file; `run` and `guest` take a service file, which names the board:"
                            + " see docs/services.md");
            throw problems.exception();
        }
        return service(file, root, runtimeDirectory, ROOT, problems);
    }

    /**
     * Loads a file of either kind: one that has agents is a service file, one that has clocks is a board file.
     *
     * @param runtimeDirectory where sockets are that a service file does not name
     * @throws ConfigException if it cannot be read or anything is wrong with it, or with the board that it names
     */
    public static ConfigFile load(Path file, Path runtimeDirectory) throws ConfigException {
        return load(file, runtimeDirectory, ROOT);
    }

    /**
     * As {@link #load(Path, Path)}, for the machine whose file system begins at another folder.
     *
     * @param machine where {@code board: auto} looks what the machine is; {@code /} for this one
     */
    static ConfigFile load(Path file, Path runtimeDirectory, Path machine) throws ConfigException {
        Problems problems = new Problems();
        Node.Mapping root = YamlReader.read(file.toString(), bytes(file), problems);
        int likeness = likeness(root);
        if (likeness == 0) {
            problems.add(
                    root.place(),
                    "this is neither a board file, which has the keys `board` and `clocks`, nor a service file, which"
                            + " has `board` and `agents`");
            throw problems.exception();
        }
        return likeness > 0
                ? sound(BoardReader.read(new Includes.Source.OnDisk(file), root, problems), problems)
                : service(file, root, runtimeDirectory, machine, problems);
    }

    /** The built-in demo service on a simulated board, under the runtime directory of this process' user. */
    public static Service builtInService() throws ConfigException {
        return builtInService(runtimeDirectory());
    }

    /**
     * The built-in demo service on a simulated board.
     *
     * @param runtimeDirectory where its sockets are
     * @throws ConfigException if the runtime directory's path is too long for sockets
     */
    public static Service builtInService(Path runtimeDirectory) throws ConfigException {
        Problems problems = new Problems();
        String file = BuiltIn.place(BuiltIn.SERVICE);
        Node.Mapping root = YamlReader.read(file, BuiltIn.read(BuiltIn.SERVICE), problems);
        Path folder = Path.of("").toAbsolutePath();
        return sound(ServiceReader.read(root, folder, runtimeDirectory, loader(folder, ROOT), problems), problems);
    }

    /** The names of the boards that are built in, sorted. */
    public static List<String> builtInBoards() {
        return BuiltIn.BOARDS;
    }

    /** Where this process' user has sockets: {@code /run/scmid} for root, {@code $XDG_RUNTIME_DIR/scmid} for others. */
    public static Path runtimeDirectory() {
        return runtimeDirectory(userId(), System.getenv());
    }

    /**
     * Where a user has sockets.
     *
     * @param userId the user; 0 is root
     * @param environment where XDG_RUNTIME_DIR is looked up; {@code /run/user/ID} stands in for it, where login
     *     managers create it
     */
    public static Path runtimeDirectory(int userId, Map<String, String> environment) {
        if (userId == 0) {
            return Path.of("/run/scmid");
        }
        String base = environment.getOrDefault("XDG_RUNTIME_DIR", "");
        // The XDG specification has relative paths ignored.
        return Path.of(base.startsWith("/") ? base : "/run/user/" + userId, "scmid");
    }

    private static int userId() {
        try {
            return Files.getAttribute(Path.of("/proc/self"), "unix:uid") instanceof Integer id ? id : 0;
        } catch (IOException | UnsupportedOperationException e) {
            return System.getProperty("user.name", "").equals("root") ? 0 : 65534;
        }
    }

    private static Service service(Path file, Node.Mapping root, Path runtimeDirectory, Path machine, Problems problems)
            throws ConfigException {
        Path parent = file.getParent();
        ServiceReader.BoardLoader boards = loader(parent == null ? Path.of("") : parent, machine);
        return sound(ServiceReader.read(root, folder(file), runtimeDirectory, boards, problems), problems);
    }

    private static ServiceReader.BoardLoader loader(Path folder, Path root) {
        return new ServiceReader.BoardLoader() {
            @Override
            public @Nullable Board load(String reference, Place place, Problems problems) {
                try {
                    return board(reference, folder, place);
                } catch (ConfigException e) {
                    problems.addAll(e.problems());
                    return null;
                }
            }

            @Override
            public @Nullable BoardChoice choose(Place place, Problems problems) {
                try {
                    return BoardChoice.choose(folder, MachineIdentity.of(root), place);
                } catch (ConfigException e) {
                    problems.addAll(e.problems());
                    return null;
                }
            }
        };
    }

    /** A board by name or path; one that does not exist is a problem of the place that names it. */
    private static Board board(String reference, Path relativeTo, Place place) throws ConfigException {
        if (BuiltIn.BOARDS.contains(reference)) {
            return builtInBoard(reference);
        }
        Path file;
        try {
            file = relativeTo.resolve(reference);
        } catch (InvalidPathException invalid) {
            throw Problems.single(
                    place, "board " + Problems.quote(reference) + " is not a path that this system can have");
        }
        if (reference.isEmpty() || !Files.exists(file)) {
            throw Problems.single(
                    place,
                    "there is no board " + Problems.quote(reference) + ": no file " + Problems.quote(file.toString())
                            + ", and no built-in board of this name"
                            + new Problems().didYouMean(reference, BuiltIn.BOARDS));
        }
        return board(file);
    }

    /** More than 0 for a board file, less for a service file, 0 if the keys do not tell. */
    static int likeness(Node.Mapping root) {
        return likeness(root, BoardShapes.Root.SHAPE) - likeness(root, ServiceShapes.Root.SHAPE);
    }

    /** How many of the mapping's keys speak for a kind of file. */
    private static int likeness(Node.Mapping root, Shape shape) {
        int likeness = 0;
        for (String key : root.entries().keySet()) {
            if (shape.knows(key) || shape.isNotYet(key)) {
                likeness += 2;
            } else if (Similar.closest(key, shape.keyNames()) != null) {
                likeness++;
            }
        }
        return likeness;
    }

    static Path folder(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file.toAbsolutePath() : parent;
    }

    private static <T> T sound(@Nullable T read, Problems problems) throws ConfigException {
        problems.throwIfAny();
        if (read == null) {
            throw new IllegalStateException("a file was refused without a reason");
        }
        return read;
    }

    static byte[] bytes(Path file) throws ConfigException {
        Place place = new Place(file.toString(), 1, 1);
        try (InputStream in = Files.newInputStream(file)) {
            if (Files.isDirectory(file)) {
                throw Problems.single(place, "this is a directory; name a YAML file in it");
            }
            byte[] bytes = in.readNBytes(YamlReader.MAX_BYTES + 1);
            if (bytes.length > YamlReader.MAX_BYTES) {
                throw Problems.single(place, YamlReader.tooLarge());
            }
            return bytes;
        } catch (NoSuchFileException e) {
            throw Problems.single(place, "there is no such file");
        } catch (AccessDeniedException e) {
            throw Problems.single(place, "the file cannot be read: permission denied");
        } catch (FileSystemException e) {
            String reason = e.getReason() == null ? "" : ": " + e.getReason();
            throw Problems.single(place, "the file cannot be read" + reason);
        } catch (IOException e) {
            throw Problems.single(place, "the file cannot be read");
        }
    }
}
