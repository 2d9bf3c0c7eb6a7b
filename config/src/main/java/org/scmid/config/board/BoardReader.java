// Turns the tree of a board file into a board.
package org.scmid.config.board;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.scmid.config.assembly.Copies;
import org.scmid.config.assembly.Includes;
import org.scmid.config.assembly.Templates;
import org.scmid.config.clock.ClockReader;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Node;
import org.scmid.config.document.Problems;
import org.scmid.config.document.Source;
import org.scmid.config.performance.PerformanceDomainSpec;
import org.scmid.config.performance.PerformanceReader;
import org.scmid.config.power.PowerReader;
import org.scmid.config.register.FieldReader;
import org.scmid.config.register.WindowReader;
import org.scmid.config.reset.ResetReader;
import org.scmid.config.sensor.SensorReader;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Named;
import org.scmid.config.voltage.VoltageDomainSpec;
import org.scmid.config.voltage.VoltageReader;

/**
 * Turns the tree of a board file into a board: puts the file together, then has each kind of hardware read by its reader,
 * those first that others name. Reading goes on behind a problem; a part that is wrong is left out, and what depends on it
 * is not judged.
 */
public final class BoardReader {
    private BoardReader() {}

    /**
     * Reads a board, with what its file includes and makes of templates.
     *
     * @param source the file
     * @param root its tree
     * @param problems takes everything that is wrong; if it took anything the board is not to be used
     * @throws ConfigException if an included file cannot be used; it has the other problems too
     */
    public static @Nullable Board read(Source source, Node.Mapping root, Problems problems) throws ConfigException {
        Copies copies = new Copies(problems);
        Includes.Whole whole = Includes.read(source, root, problems, copies);
        Node.Mapping plain = Templates.applied(whole.root(), problems, copies);
        if (copies.areTooMany()) {
            throw problems.exception();
        }
        Value.Context context = Value.Context.of("the board file", root.place(), problems);
        Fields fields = BoardShapes.SHAPE.read(plain, context);
        return fields == null ? null : board(fields, whole.folders(), problems);
    }

    private static Board board(Fields file, Map<String, Path> folders, Problems problems) {
        WindowReader.Windows windows = WindowReader.read(file.get(BoardShapes.REGISTERS, List.of()), folders, problems);
        FieldReader fields = new FieldReader(windows, problems);
        ClockReader.Clocks clocks = ClockReader.read(file.get(BoardShapes.CLOCKS, List.of()), fields, problems);
        List<Named<String, Fields>> supplies = file.get(BoardShapes.VOLTAGE_DOMAINS, List.of());
        Map<String, VoltageDomainSpec> voltageDomains = VoltageReader.read(supplies, fields, problems);
        Map<String, PerformanceDomainSpec> performanceDomains = PerformanceReader.read(
                file.get(BoardShapes.PERFORMANCE_DOMAINS, List.of()),
                clocks,
                supplies.stream().map(Named::key).collect(Collectors.toSet()),
                voltageDomains,
                problems);
        return new Board(
                file.get(BoardShapes.BOARD, ""),
                file.get(BoardShapes.DESCRIPTION, ""),
                Values.values(file.get(BoardShapes.COMPATIBLE, List.of())),
                SmbiosShapes.specs(file.get(BoardShapes.SMBIOS, List.of())),
                windows.sound(),
                clocks.all(),
                PowerReader.read(
                        file.get(BoardShapes.POWER_DOMAINS, List.of()),
                        clocks.all().keySet(),
                        fields,
                        problems),
                SensorReader.read(file.get(BoardShapes.SENSORS, List.of()), fields, problems),
                ResetReader.read(file.get(BoardShapes.RESETS, List.of()), fields, problems),
                voltageDomains,
                performanceDomains,
                file.owner());
    }
}
