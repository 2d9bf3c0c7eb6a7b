// What the discovery of all protocols has in common.
package org.scmid.upstream.discovery;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.scmid.config.resource.ResourceKind;
import org.scmid.protocol.Message;
import org.scmid.protocol.MessageTable;
import org.scmid.protocol.MessageType;
import org.scmid.protocol.ProtocolId;
import org.scmid.protocol.ProtocolVersion;
import org.scmid.protocol.base.BaseMessage;
import org.scmid.protocol.common.NameReply;
import org.scmid.protocol.common.NegotiateProtocolVersion;
import org.scmid.protocol.common.ProtocolMessageAttributes;
import org.scmid.protocol.common.ProtocolVersionGet;
import org.scmid.protocol.common.ResourceRequest;

/**
 * Asks for everything of one protocol: the version, which commands there are, then each resource after the other. What
 * fails leaves that out, and a finding says so.
 */
abstract class ProtocolDiscovery {
    /** What a resource without lists counts towards what is kept. */
    static final int RESOURCE_VALUES = 16;

    private static final int LONGEST_NAME = 63;

    final Inquirer inquirer;
    private final Findings findings;
    private final MessageTable<?> table;
    private final ResourceKind kind;
    private final ProtocolVersionGet.Reply versionReply = new ProtocolVersionGet.Reply();
    private final ProtocolMessageAttributes.Reply commandReply = new ProtocolMessageAttributes.Reply();
    private final NameReply nameReply = new NameReply();
    private final Set<Integer> commands = new HashSet<>();
    private final Map<String, Integer> names = new HashMap<>();
    private Runnable end = () -> {};
    private int offered;
    private int version;
    private int count;
    private int next;
    private boolean isAsking;

    ProtocolDiscovery(Inquirer inquirer, Findings findings, MessageTable<?> table, ResourceKind kind) {
        this.inquirer = inquirer;
        this.findings = findings;
        this.table = table;
        this.kind = kind;
    }

    /** Asks how many resources there are; then {@link #resources} or {@link #end}. */
    abstract void attributes();

    /** Asks for one resource, then {@link #nextResource}. */
    abstract void resource(int id);

    /** What is to be done when all were asked for. */
    void complete() {}

    final ProtocolId protocol() {
        return table.protocol();
    }

    /** The version that is spoken, see {@link ProtocolVersion}. */
    final int version() {
        return version;
    }

    final boolean isAtLeast(int since) {
        return ProtocolVersion.isAtLeast(version, since);
    }

    /** What is spoken; null if the protocol's version could not be asked for. */
    final Discovered.@Nullable Spoken spoken() {
        return offered == 0 ? null : new Discovered.Spoken(protocol().id(), offered, version, commands);
    }

    /** Begins. */
    final void begin(Runnable whenDone) {
        end = whenDone;
        inquirer.ask(command(BaseMessage.PROTOCOL_VERSION.id()), this::versionIs);
    }

    final void end() {
        end.run();
    }

    /** A protocol's command of an id that every protocol has. */
    private Message command(int id) {
        Message command = table.command(id);
        if (command == null) {
            throw new IllegalStateException(protocol() + " has no command " + id);
        }
        return command;
    }

    // ---- the version ----

    private void versionIs(Reply reply) {
        if (!reply.holds(versionReply) || versionReply.version() == 0) {
            find("the " + protocol().label() + " protocol is left out: "
                    + (reply.holds(versionReply) ? "its version is 0" : reply.problem()));
            end();
            return;
        }
        offered = versionReply.version();
        int newest = protocol().newestVersion();
        if (ProtocolVersion.isAtLeast(newest, offered)) {
            version = newestUpTo(offered);
            if (version == 0) {
                find("the " + protocol().label() + " protocol is left out: there is no version "
                        + ProtocolVersion.text(offered));
                end();
            } else {
                commands();
            }
            return;
        }
        Message negotiate = command(BaseMessage.NEGOTIATE_PROTOCOL_VERSION.id());
        inquirer.ask(
                negotiate,
                new NegotiateProtocolVersion.Request(negotiate)
                        .begin(inquirer.request(), 0)
                        .version(newest),
                this::negotiated);
    }

    /** The platform is newer than scmid. What does not agree on a version is taken as it is, unless too much has changed. */
    private void negotiated(Reply reply) {
        int newest = protocol().newestVersion();
        boolean isSimilar = ProtocolVersion.major(offered) == ProtocolVersion.major(newest);
        if (reply.isSuccess() || isSimilar) {
            version = newest;
            commands();
        } else {
            find("the " + protocol().label() + " protocol is left out: its version is " + ProtocolVersion.text(offered)
                    + ", scmid knows " + ProtocolVersion.text(newest) + ", and " + reply.problem());
            end();
        }
    }

    private int newestUpTo(int most) {
        int found = 0;
        for (int known : protocol().versions()) {
            if (ProtocolVersion.isAtLeast(most, known)) {
                found = known;
            }
        }
        return found;
    }

    // ---- the commands ----

    private void commands() {
        commandsFrom(BaseMessage.PROTOCOL_MESSAGE_ATTRIBUTES.id() + 1);
    }

    /** Asks which commands there are, from one on. */
    private void commandsFrom(int id) {
        for (int candidate = id; candidate < table.commandLimit(); candidate++) {
            Message asked = table.command(candidate);
            if (asked != null && asked.isIn(version) && candidate != BaseMessage.NEGOTIATE_PROTOCOL_VERSION.id()) {
                Message attributes = command(BaseMessage.PROTOCOL_MESSAGE_ATTRIBUTES.id());
                inquirer.ask(
                        attributes,
                        new ProtocolMessageAttributes.Request(attributes)
                                .begin(inquirer.request(), 0)
                                .messageId(candidate),
                        reply -> {
                            note(asked, reply);
                            commandsFrom(asked.id() + 1);
                        });
                return;
            }
        }
        attributes();
    }

    /** A platform that cannot say whether it has what it must have has it. */
    private void note(Message asked, Reply reply) {
        if (reply.holds(commandReply) || (asked.isMandatory() && !reply.isNotFound())) {
            commands.add(asked.id());
        }
    }

    /** Whether the platform has a command. */
    final boolean has(Message command) {
        return command.type() == MessageType.COMMAND && commands.contains(command.id());
    }

    // ---- the resources ----

    /** Asks for each of so many resources. */
    final void resources(int announced) {
        count = announced;
        next = 0;
        nextResource();
    }

    /** Goes on with the next resource; in the next turn if nothing had to be asked about this one. */
    final void nextResource() {
        if (isAsking) {
            inquirer.soon(this::nextResource);
            return;
        }
        if (next < count) {
            int id = next++;
            if (inquirer.mayKeep(RESOURCE_VALUES)) {
                isAsking = true;
                resource(id);
                isAsking = false;
                return;
            }
            find(what(id) + " and what follows is left out: the platform offers more than scmid keeps");
        }
        complete();
        end();
    }

    /** Asks a command that names one resource and nothing else. */
    final void askOf(int id, Message command, Inquirer.Answer then) {
        inquirer.ask(
                command,
                new ResourceRequest(command).begin(inquirer.request(), 0).resource(id),
                then);
    }

    /** A resource, for people. */
    final String what(int id) {
        return kind.label() + " " + id;
    }

    final void find(String finding) {
        findings.add(finding);
    }

    final void leaveOut(int id, String why) {
        find(what(id) + " is left out: " + why);
        nextResource();
    }

    // ---- names ----

    /**
     * Finds out a resource's name. One that another one has already leaves the resource out.
     *
     * @param isExtended whether the platform says that there is more of it than the short one
     * @param ask the command that asks for it
     * @param shortName what is there already
     */
    final void name(int id, boolean isExtended, Message ask, String shortName, Consumer<String> then) {
        if (!isExtended || !has(ask)) {
            claim(id, shortName, then);
            return;
        }
        askOf(id, ask, reply -> {
            if (reply.holds(nameReply)) {
                claim(id, nameReply.name(), then);
            } else {
                find(what(id) + " has its short name: " + reply.problem());
                claim(id, shortName, then);
            }
        });
    }

    private void claim(int id, String written, Consumer<String> then) {
        String name = usable(id, written);
        Integer other = names.putIfAbsent(name, id);
        if (other != null) {
            leaveOut(id, "it is called `" + name + "`, as " + what(other) + " is");
        } else {
            then.accept(name);
        }
    }

    private String usable(int id, String written) {
        String name = written.strip();
        if (name.length() > LONGEST_NAME) {
            find(what(id) + " has a name that does not end; its first " + LONGEST_NAME + " characters are taken");
            name = name.substring(0, LONGEST_NAME).strip();
        }
        return name.isEmpty() ? kind.label().replace(' ', '-').toLowerCase(Locale.ROOT) + "-" + id : name;
    }
}
