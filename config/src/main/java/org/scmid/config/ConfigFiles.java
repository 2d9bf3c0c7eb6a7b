// Where boards and services come from: files, and what is built in.
package org.scmid.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.board.BoardChoice;
import org.scmid.config.board.BoardReader;
import org.scmid.config.board.MachineIdentity;
import org.scmid.config.document.BuiltIn;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.FileKind;
import org.scmid.config.document.Node;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Source;
import org.scmid.config.document.YamlReader;
import org.scmid.config.offer.Offer;
import org.scmid.config.offer.OfferFiles;
import org.scmid.config.service.Service;
import org.scmid.config.service.ServiceReader;
import org.scmid.config.upstream.Offers;
import org.scmid.config.upstream.UpstreamSpec;

/** Loads and checks board files and service files. All problems of a file are reported at once. */
public final class ConfigFiles {
    /** Where this machine's file system begins. */
    private static final Path ROOT = Path.of("/");

    /** What was saved of the platforms, in files beside those that describe them. */
    public static final Offers SAVED = ConfigFiles::saved;

    private ConfigFiles() {}

    /**
     * Loads a board file.
     *
     * @throws ConfigException if it cannot be read or anything is wrong with it
     */
    public static Board board(Path file) throws ConfigException {
        return board(file, SAVED);
    }

    private static Board board(Path file, Offers offers) throws ConfigException {
        Problems problems = new Problems();
        Source.OnDisk source = new Source.OnDisk(file);
        Node.Mapping root = YamlReader.read(source.name(), source.bytes(), problems);
        if (FileKind.of(root) == FileKind.SERVICE) {
            problems.add(root.place(), "this is a service file; name its board, or a board file: see docs/boards.md");
            throw problems.exception();
        }
        return sound(BoardReader.read(source, root, offers, problems), problems);
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
        Source source = new Source.BuiltInResource(BuiltIn.boardResource(name));
        Node.Mapping root = YamlReader.read(source.name(), source.bytes(), problems);
        return sound(BoardReader.read(source, root, Offers.NONE, problems), problems);
    }

    /**
     * Loads a board by what a user writes for it: the name of a built-in board, or else a path.
     *
     * @param reference name or path; a path that could be a name is written with a {@code ./} before it
     * @param relativeTo the folder that a relative path starts from
     * @throws ConfigException if there is no such board or anything is wrong with it
     */
    public static Board boardByNameOrPath(String reference, Path relativeTo) throws ConfigException {
        return board(reference, relativeTo, SAVED, new Place(reference, 1, 1));
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
        return service(file, runtimeDirectory, SAVED);
    }

    /**
     * Loads a service file and its board.
     *
     * @param runtimeDirectory where sockets are that the file does not name
     * @param offers what is known of the platforms that the board takes resources from
     * @throws ConfigException if it cannot be read or anything is wrong with it or its board
     */
    public static Service service(Path file, Path runtimeDirectory, Offers offers) throws ConfigException {
        Problems problems = new Problems();
        Source.OnDisk source = new Source.OnDisk(file);
        Node.Mapping root = YamlReader.read(source.name(), source.bytes(), problems);
        if (FileKind.of(root) == FileKind.BOARD) {
            problems.add(
                    root.place(),
                    "this is a board file; `run` and `guest` take a service file, which names the board:"
                            + " see docs/services.md");
            throw problems.exception();
        }
        return service(source, root, runtimeDirectory, ROOT, offers, problems);
    }

    /**
     * Loads a file of either kind: one that has agents is a service file, one that has clocks is a board file.
     *
     * @param runtimeDirectory where sockets are that a service file does not name
     * @throws ConfigException if it cannot be read or anything is wrong with it, or with the board that it names
     */
    public static ConfigFile load(Path file, Path runtimeDirectory) throws ConfigException {
        return load(file, runtimeDirectory, ROOT, SAVED);
    }

    /**
     * As {@link #load(Path, Path)}, by what is said to be known of other platforms.
     *
     * @param offers what they offer; what was saved beside the files is not looked at
     */
    public static ConfigFile load(Path file, Path runtimeDirectory, Offers offers) throws ConfigException {
        return load(file, runtimeDirectory, ROOT, offers);
    }

    /**
     * As {@link #load(Path, Path)}, for the machine whose file system begins at another folder.
     *
     * @param machine where {@code board: auto} looks what the machine is; {@code /} for this one
     */
    static ConfigFile load(Path file, Path runtimeDirectory, Path machine) throws ConfigException {
        return load(file, runtimeDirectory, machine, SAVED);
    }

    private static ConfigFile load(Path file, Path runtimeDirectory, Path machine, Offers offers)
            throws ConfigException {
        Problems problems = new Problems();
        Source.OnDisk source = new Source.OnDisk(file);
        Node.Mapping root = YamlReader.read(source.name(), source.bytes(), problems);
        FileKind kind = FileKind.of(root);
        if (kind == FileKind.UNKNOWN) {
            problems.add(
                    root.place(),
                    "this is neither a board file, which has the keys `board` and `clocks`, nor a service file, which"
                            + " has `board` and `agents`");
            throw problems.exception();
        }
        return kind == FileKind.BOARD
                ? new ConfigFile.OfBoard(sound(BoardReader.read(source, root, offers, problems), problems))
                : new ConfigFile.OfService(service(source, root, runtimeDirectory, machine, offers, problems));
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
        Source source = new Source.BuiltInResource(BuiltIn.SERVICE);
        Node.Mapping root = YamlReader.read(source.name(), source.bytes(), problems);
        Path folder = source.folder();
        return sound(
                ServiceReader.read(root, folder, runtimeDirectory, loader(folder, ROOT, SAVED), problems), problems);
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

    private static Service service(
            Source.OnDisk source,
            Node.Mapping root,
            Path runtimeDirectory,
            Path machine,
            Offers offers,
            Problems problems)
            throws ConfigException {
        Path parent = source.path().getParent();
        ServiceReader.BoardLoader boards = loader(parent == null ? Path.of("") : parent, machine, offers);
        return sound(ServiceReader.read(root, source.folder(), runtimeDirectory, boards, problems), problems);
    }

    private static ServiceReader.BoardLoader loader(Path folder, Path root, Offers offers) {
        return new ServiceReader.BoardLoader() {
            @Override
            public @Nullable Board load(String reference, Place place, Problems problems) {
                try {
                    return board(reference, folder, offers, place);
                } catch (ConfigException e) {
                    problems.addAll(e);
                    return null;
                }
            }

            @Override
            public @Nullable BoardChoice choose(Place place, Problems problems) {
                try {
                    return BoardChoice.choose(folder, MachineIdentity.of(root), place);
                } catch (ConfigException e) {
                    problems.addAll(e);
                    return null;
                }
            }
        };
    }

    /** A board by name or path; one that does not exist is a problem of the place that names it. */
    private static Board board(String reference, Path relativeTo, Offers offers, Place place) throws ConfigException {
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
        return board(file, offers);
    }

    private static @Nullable Offer saved(UpstreamSpec upstream, Problems problems) {
        Path file = OfferFiles.place(upstream.folder(), upstream.name());
        return Files.exists(file) ? OfferFiles.read(upstream.name(), file, problems) : null;
    }

    private static <T> T sound(@Nullable T read, Problems problems) throws ConfigException {
        problems.throwIfAny();
        if (read == null) {
            throw new IllegalStateException("a file was refused without a reason");
        }
        return read;
    }
}
