// What a service file may say about system power, and how it is read.
package org.scmid.config.service;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.scmid.config.document.Node;
import org.scmid.config.shape.Fields;
import org.scmid.config.shape.Key;
import org.scmid.config.shape.Shape;
import org.scmid.config.shape.Value;
import org.scmid.config.shape.Values;
import org.scmid.config.shape.Values.Located;

/** What a service file may say about system power, and how it is read. */
final class SystemPowerShapes {
    private static final Map<SystemPowerState, Key<SystemPowerAction>> STATES = states();

    /** The states with what happens, of one agent. */
    static final Shape SHAPE = new Shape(
            "system power",
            "What the agent's requests for system power states do; `{}` if it may ask for none.",
            STATES.values().toArray(Key<?>[]::new));

    private SystemPowerShapes() {}

    private static Map<SystemPowerState, Key<SystemPowerAction>> states() {
        Map<SystemPowerState, Key<SystemPowerAction>> keys = new EnumMap<>(SystemPowerState.class);
        for (SystemPowerState state : SystemPowerState.values()) {
            keys.put(
                    state,
                    Key.optional(
                            state.word(),
                            new ActionValue(),
                            "What happens when the agent asks for it: ignore, notify, or `{ run: [COMMAND, ARGUMENT] }`;"
                                    + " not supported if missing."));
        }
        return keys;
    }

    /**
     * What a file says.
     *
     * @param folder what relative paths of commands start from
     */
    static SystemPowerSpec spec(Fields fields, Path folder) {
        Map<SystemPowerState, SystemPowerAction> actions = new EnumMap<>(SystemPowerState.class);
        for (SystemPowerState state : SystemPowerState.values()) {
            SystemPowerAction action = fields.get(Objects.requireNonNull(STATES.get(state)));
            if (action != null) {
                actions.put(state, placed(action, folder));
            }
        }
        return new SystemPowerSpec(actions);
    }

    private static SystemPowerAction placed(SystemPowerAction action, Path folder) {
        if (action instanceof SystemPowerAction.Run run
                && run.command().getFirst().contains("/")) {
            List<String> command = new ArrayList<>(run.command());
            command.set(0, folder.resolve(command.getFirst()).toString());
            return new SystemPowerAction.Run(command);
        }
        return action;
    }

    /** {@code ignore}, {@code notify}, or a mapping with a command. */
    private static final class ActionValue implements Value<SystemPowerAction> {
        private static final Value<SystemPowerAction> WORDS = Values.choice(words());
        private static final Key<List<Located<String>>> RUN = Key.required(
                "run",
                Values.list(Values.TEXT),
                "The command and its arguments, such as `[/usr/bin/systemctl, poweroff]`; no shell reads them.");
        private static final Shape COMMAND = new Shape("system power command", "A command that is started.", RUN);

        private static Map<String, SystemPowerAction> words() {
            Map<String, SystemPowerAction> words = new LinkedHashMap<>();
            words.put("ignore", new SystemPowerAction.Ignore());
            words.put("notify", new SystemPowerAction.Notify());
            return words;
        }

        @Override
        public @Nullable SystemPowerAction read(Node node, Context context) {
            if (!(node instanceof Node.Mapping)) {
                return WORDS.read(node, context);
            }
            Fields fields = COMMAND.read(node, context);
            List<Located<String>> command = fields == null ? null : fields.get(RUN);
            if (fields == null || command == null) {
                return null;
            }
            if (command.isEmpty() || command.getFirst().value().isEmpty()) {
                context.problem(fields.place(RUN), "has an empty `run`; name the command");
                return null;
            }
            return new SystemPowerAction.Run(Values.values(command));
        }

        @Override
        public Map<String, Object> schema(Definitions definitions) {
            return Map.of("anyOf", List.of(WORDS.schema(definitions), definitions.reference(COMMAND)));
        }
    }
}
