// The address of a management API on the command line.
package org.scmid.server.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.scmid.config.service.ManagementSpec;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code HOST:PORT}, {@code [IPV6]:PORT} or only {@code PORT}, which is one of 127.0.0.1. */
final class ManagementAddress implements ITypeConverter<ManagementSpec> {
    /** Where a service listens whose file does not say. */
    static final String DEFAULT = "127.0.0.1:8080";

    private static final Pattern ADDRESS =
            Pattern.compile("(?:(?<host>[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:]+\\]):)?(?<port>[0-9]{1,5})");

    @Override
    public ManagementSpec convert(String value) {
        Matcher address = ADDRESS.matcher(value);
        int port = address.matches() ? Integer.parseInt(address.group("port")) : 0;
        if (port < 1 || port > 65535) {
            throw new TypeConversionException("`" + value + "` is not HOST:PORT, for example " + DEFAULT);
        }
        String host = address.group("host");
        return new ManagementSpec(host == null ? "127.0.0.1" : host.replaceAll("[\\[\\]]", ""), port);
    }
}
