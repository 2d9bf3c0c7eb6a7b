// What an editor says of a file: the published schema, judged by a validator that is not ours.
package org.scmid.config;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.ConfigException;
import org.scmid.config.document.Node;
import org.scmid.config.document.Problems;
import org.scmid.config.document.YamlReader;
import tools.jackson.databind.json.JsonMapper;

/** An editor with one of the schemas. */
final class Editor {
    static final Editor BOARD = new Editor(Schemas.board());
    static final Editor SERVICE = new Editor(Schemas.service());

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Schema schema;

    private Editor(String schema) {
        this.schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema);
    }

    /** What it marks, a line each; empty if nothing. */
    String errors(String yaml) throws ConfigException {
        return errors(YamlReader.read("test.yaml", yaml.getBytes(StandardCharsets.UTF_8), new Problems()));
    }

    /** What it marks in a tree. */
    String errors(Node root) {
        return schema.validate(JSON.writeValueAsString(json(root)), InputFormat.JSON).stream()
                .map(Error::toString)
                .collect(Collectors.joining("\n"));
    }

    /** The file as an editor sees it: plain scalars by YAML 1.2's core schema. */
    private static @Nullable Object json(Node node) {
        return switch (node) {
            case Node.Mapping mapping -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                mapping.entries().forEach((key, entry) -> object.put(key, json(entry.value())));
                yield object;
            }
            case Node.Sequence sequence ->
                sequence.items().stream().map(Editor::json).collect(Collectors.toList());
            case Node.Text text -> scalar(text);
            case Node.Broken broken -> null;
        };
    }

    private static @Nullable Object scalar(Node.Text text) {
        String value = text.value();
        if (text.isMissing()) {
            return null;
        }
        if (!text.quoted() && List.of("true", "false").contains(value)) {
            return Boolean.valueOf(value);
        }
        if (!text.quoted() && value.matches("-?[0-9]+")) {
            return new BigInteger(value);
        }
        if (!text.quoted() && value.matches("0x[0-9a-fA-F]+")) {
            return new BigInteger(value.substring(2), 16);
        }
        return value;
    }
}
