// The JSON schemas that are published for editors.
package org.scmid.config;

import org.scmid.config.assembly.PartSchema;
import org.scmid.config.board.BoardShapes;
import org.scmid.config.service.ServiceShapes;
import org.scmid.config.shape.JsonSchema;

/** The JSON schemas that are published for editors; the resources are those of this program's last build. */
final class Schemas {
    /** The resource that holds the schema of board files. */
    static final String BOARD_RESOURCE = "schema/board.schema.json";

    /** The resource that holds the schema of service files. */
    static final String SERVICE_RESOURCE = "schema/service.schema.json";

    private Schemas() {}

    /** The schema of board files. */
    static String board() {
        return JsonSchema.write(BoardShapes.SHAPE, PartSchema::extend);
    }

    /** The schema of service files. */
    static String service() {
        return JsonSchema.write(ServiceShapes.Root.SHAPE, (schema, definitions) -> {});
    }
}
