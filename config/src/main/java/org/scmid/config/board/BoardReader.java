// Turns the tree of a board file into a board.
package org.scmid.config.board;

import java.nio.file.Path;
import java.util.EnumMap;
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
import org.scmid.config.resource.ResourceKind;
import org.scmid.config.sensor.SensorReader;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Named;
import org.scmid.config.upstream.AllOf;
import org.scmid.config.upstream.Offers;
import org.scmid.config.upstream.Origin;
import org.scmid.config.upstream.Origins;
import org.scmid.config.upstream.UpstreamReader;
import org.scmid.config.upstream.UpstreamShapes;
import org.scmid.config.upstream.UpstreamSpec;
import org.scmid.config.upstream.Upstreams;
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
     * @param offers what is known of the platforms that it takes resources from
     * @param problems takes everything that is wrong; if it took anything the board is not to be used
     * @throws ConfigException if an included file cannot be used; it has the other problems too
     */
    public static @Nullable Board read(Source source, Node.Mapping root, Offers offers, Problems problems)
            throws ConfigException {
        try {
            return readAll(source, root, offers, problems);
        } catch (Problems.Enough enough) {
            return null;
        }
    }

    private static @Nullable Board readAll(Source source, Node.Mapping root, Offers offers, Problems problems)
            throws ConfigException {
        Copies copies = new Copies(problems);
        Includes.Whole whole = Includes.read(source, root, problems, copies);
        Node.Mapping plain = Templates.applied(whole.root(), problems, copies);
        if (copies.areTooMany()) {
            throw problems.exception();
        }
        Origins origins = origins(plain, whole.folders(), offers, problems);
        Node.Mapping complete = AllOf.writtenOut(plain, origins, problems);
        Value.Context context = Value.Context.of("the board file", root.place(), problems);
        Fields fields = BoardShapes.SHAPE.read(complete, context);
        return fields == null ? null : board(fields, whole.folders(), origins, problems);
    }

    /** The platforms come first: what they offer is written out before the rest is read. What is wrong is said later. */
    private static Origins origins(Node.Mapping root, Map<String, Path> folders, Offers offers, Problems problems) {
        Problems saidLater = new Problems();
        List<Named<String, Fields>> upstreams = List.of();
        Map<String, UpstreamSpec> specs = Map.of();
        Node.Entry entry = root.entries().get(BoardShapes.UPSTREAMS.name());
        try {
            List<Named<String, Fields>> written = entry == null
                    ? null
                    : BoardShapes.UPSTREAMS
                            .value()
                            .read(entry.value(), Value.Context.of("the board file", root.place(), saidLater));
            upstreams = written == null ? List.of() : written;
            specs = UpstreamReader.read(upstreams, folders, saidLater);
        } catch (Problems.Enough enough) {
            // It comes again when they are said.
        }
        return new Origins(upstreams.stream().map(Named::key).collect(Collectors.toSet()), specs, offers, problems);
    }

    private static Board board(Fields file, Map<String, Path> folders, Origins origins, Problems problems) {
        List<Named<String, Fields>> upstreams = file.get(BoardShapes.UPSTREAMS, List.of());
        Map<String, UpstreamSpec> specs = UpstreamReader.read(upstreams, folders, problems);
        Map<ResourceKind, Map<String, Origin>> remote = new EnumMap<>(ResourceKind.class);
        BoardShapes.RESOURCES.forEach((kind, key) ->
                remote.put(kind, origins.of(kind, file.get(key, List.of()), BoardShapes.CRITICAL.get(kind))));
        WindowReader.Windows windows = WindowReader.read(file.get(BoardShapes.REGISTERS, List.of()), folders, problems);
        FieldReader fields = new FieldReader(windows, problems);
        ClockReader.Clocks clocks = ClockReader.read(
                file.get(BoardShapes.CLOCKS, List.of()),
                fields,
                remote.getOrDefault(ResourceKind.CLOCK, Map.of()),
                problems);
        List<Named<String, Fields>> supplies = own(file, BoardShapes.VOLTAGE_DOMAINS);
        Map<String, VoltageDomainSpec> voltageDomains = VoltageReader.read(supplies, fields, problems);
        Map<String, PerformanceDomainSpec> performanceDomains = PerformanceReader.read(
                own(file, BoardShapes.PERFORMANCE_DOMAINS),
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
                        own(file, BoardShapes.POWER_DOMAINS), clocks.all().keySet(), fields, problems),
                SensorReader.read(
                        file.get(BoardShapes.SENSORS, List.of()),
                        fields,
                        remote.getOrDefault(ResourceKind.SENSOR, Map.of()),
                        problems),
                ResetReader.read(own(file, BoardShapes.RESETS), fields, problems),
                voltageDomains,
                performanceDomains,
                new Upstreams(specs, remote, origins.unknown(), origins.openEnded()),
                file.owner());
    }

    /** Those of a kind that are the board's own. */
    private static List<Named<String, Fields>> own(Fields file, Key<List<Named<String, Fields>>> key) {
        return file.get(key, List.of()).stream()
                .filter(named -> named.value() == null || !named.value().has(UpstreamShapes.FROM))
                .toList();
    }
}
