// Finds the board file for the machine that the service runs on: `board: auto`.
package org.scmid.config.board;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.scmid.config.assembly.Copies;
import org.scmid.config.assembly.Includes;
import org.scmid.config.document.BuiltIn;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Node;
import org.scmid.config.document.Place;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Source;
import org.scmid.config.document.YamlReader;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;

/**
 * The board for a machine. Candidates are the files in the folder {@code boards} beside the service file, and then what is
 * built in. The device tree's names count first, the most specific one before the others; then SMBIOS.
 *
 * @param reference what the board is called in a service file: its name if it is built in, or else its path beside the service file
 * @param reason why it is the one, a part of a sentence
 */
public record BoardChoice(String reference, String reason) {
    /** The word in a service file that has the board chosen. */
    public static final String AUTO = "auto";

    /** The folder beside the service file. */
    static final String FOLDER = "boards";

    private static final int MOST_FILES = 256;

    /** What a board file says of the machines that it is for; null if it cannot be read. */
    private record Candidate(
            String reference, boolean builtIn, List<String> compatible, List<SmbiosSpec> smbios, boolean broken) {}

    /**
     * Chooses a board among those that are built in.
     *
     * @return null if none is for the machine
     */
    public static @Nullable BoardChoice builtIn(MachineIdentity machine) {
        try {
            return among(builtIn(), machine, new Place(AUTO, 1, 1));
        } catch (ConfigException ambiguous) {
            return null;
        }
    }

    /**
     * Chooses a board.
     *
     * @param folder the folder of the service file
     * @param place where a choice is asked for
     * @throws ConfigException if there is none for the machine, or several that are as good
     */
    public static BoardChoice choose(Path folder, MachineIdentity machine, Place place) throws ConfigException {
        List<Candidate> candidates = new ArrayList<>(inFolder(folder.resolve(FOLDER)));
        candidates.addAll(builtIn());
        BoardChoice choice = among(candidates, machine, place);
        if (choice != null) {
            return choice;
        }
        throw Problems.single(
                place,
                "`board: auto`: no board is for this machine: " + machine.shown() + "; there are "
                        + Problems.allOf(
                                candidates.stream().map(BoardChoice::shown).toList())
                        + "; name the board, or put a board file with `compatible` or `smbios` into the folder "
                        + Problems.quote(folder.resolve(FOLDER).toString()));
    }

    private static String shown(Candidate candidate) {
        return candidate.broken ? candidate.reference + " (cannot be read)" : candidate.reference;
    }

    private static @Nullable BoardChoice among(List<Candidate> candidates, MachineIdentity machine, Place place)
            throws ConfigException {
        for (String name : machine.compatible()) {
            BoardChoice choice = only(
                    candidates.stream()
                            .filter(candidate -> candidate.compatible.contains(name))
                            .toList(),
                    "the device tree says " + Problems.quote(name),
                    place);
            if (choice != null) {
                return choice;
            }
        }
        List<Candidate> matching = new ArrayList<>();
        String reason = "";
        for (Candidate candidate : candidates) {
            for (SmbiosSpec wanted : candidate.smbios) {
                if (wanted.matches(machine)) {
                    reason = matching.isEmpty() ? "SMBIOS says " + wanted.shown() : reason;
                    matching.add(candidate);
                    break;
                }
            }
        }
        return only(matching, reason, place);
    }

    /** The one, or the only one in the folder; null if there is none. */
    private static @Nullable BoardChoice only(List<Candidate> matching, String reason, Place place)
            throws ConfigException {
        if (matching.isEmpty()) {
            return null;
        }
        Candidate first = matching.getFirst();
        List<Candidate> equal = matching.stream()
                .filter(candidate -> candidate.builtIn == first.builtIn)
                .toList();
        if (equal.size() > 1) {
            throw Problems.single(
                    place,
                    "`board: auto`: several boards are for this machine, since " + reason + ": "
                            + Problems.allOf(
                                    equal.stream().map(Candidate::reference).toList()) + "; name one of them");
        }
        return new BoardChoice(first.reference, reason);
    }

    private static List<Candidate> builtIn() {
        List<Candidate> candidates = new ArrayList<>();
        for (String name : BuiltIn.BOARDS) {
            candidates.add(candidate(name, true, new Source.BuiltInResource(BuiltIn.boardResource(name))));
        }
        return candidates;
    }

    private static List<Candidate> inFolder(Path folder) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(folder, "*.{yaml,yml}")) {
            for (Path file : found) {
                if (Files.isRegularFile(file) && files.size() < MOST_FILES) {
                    files.add(file);
                }
            }
        } catch (IOException e) {
            // No folder, no boards in it.
        }
        files.sort(null);
        List<Candidate> candidates = new ArrayList<>();
        for (Path file : files) {
            String reference = FOLDER + "/" + file.getFileName();
            Candidate candidate = candidate(reference, false, new Source.OnDisk(file));
            // What says of no machine that it is for it is a part of others.
            if (candidate.broken || !candidate.compatible.isEmpty() || !candidate.smbios.isEmpty()) {
                candidates.add(candidate);
            }
        }
        return candidates;
    }

    /** Reads no more than what a file says of machines: mistakes elsewhere are reported when it is the one. */
    private static Candidate candidate(String reference, boolean builtIn, Source source) {
        try {
            Problems problems = new Problems();
            Node.Mapping root = YamlReader.read(source.name(), source.bytes(), problems);
            Node.Mapping whole =
                    Includes.read(source, root, problems, new Copies(problems)).root();
            Value.Context context = Value.Context.of("the board file", root.place(), problems);
            return new Candidate(
                    reference,
                    builtIn,
                    Values.values(read(BoardShapes.COMPATIBLE, whole, context)),
                    SmbiosShapes.specs(read(BoardShapes.SMBIOS, whole, context)),
                    false);
        } catch (ConfigException | Problems.Enough e) {
            return new Candidate(reference, builtIn, List.of(), List.of(), true);
        }
    }

    private static <T> List<T> read(Key<List<T>> key, Node.Mapping root, Value.Context context) {
        Node.Entry entry = root.entries().get(key.name());
        List<T> read = entry == null ? null : key.value().read(entry.value(), context.part(key.name(), entry.place()));
        return read == null ? List.of() : read;
    }
}
