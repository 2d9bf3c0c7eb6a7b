// Talks to a service over its Unix socket, from a machine that has nothing but Java.
package org.scmid.system;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * A program: {@code SocketTalk SOCKET MESSAGE...}. It waits for the socket, sends each message, which is words in hexadecimal
 * with commas between them, and prints the reply's words behind the header. For {@code next} it sends nothing, and prints the
 * message that comes by itself, header included.
 */
final class SocketTalk {
    private SocketTalk() {}

    public static void main(String[] arguments) {
        Path socket = Path.of(arguments[0]);
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Deadline.await(socket + " is there", () -> Files.exists(socket));
        try (SocketAgent agent = SocketAgent.connect(socket)) {
            for (String message : Arrays.asList(arguments).subList(1, arguments.length)) {
                out.println(message + ": " + shown(message.equals("next") ? agent.next() : call(agent, message)));
            }
        }
    }

    private static int[] call(SocketAgent agent, String message) {
        int[] words = Arrays.stream(message.split(",", -1))
                .mapToInt(word -> Integer.parseUnsignedInt(word, 16))
                .toArray();
        return agent.call(words[0], Arrays.copyOfRange(words, 1, words.length));
    }

    /** A message as {@link #main} takes it. */
    static String message(int... words) {
        return Arrays.stream(words).mapToObj(Integer::toHexString).collect(Collectors.joining(","));
    }

    private static String shown(int[] words) {
        return message(words);
    }
}
