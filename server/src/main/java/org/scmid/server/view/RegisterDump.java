// Register values that somebody read from the hardware and put into a file.
package org.scmid.server.view;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.scmid.config.board.Board;
import org.scmid.config.register.Access;
import org.scmid.config.register.WindowSpec;

/**
 * The values of a board's registers from a dump. A line of a dump is an address and a value, all numbers hexadecimal with or
 * without 0x: {@code ADDRESS VALUE}, where a colon may follow the address and several values are those of successive
 * registers, or {@code WINDOW+OFFSET VALUE}. What follows a {@code #} is a comment. What makes no sense is left out, with a
 * warning.
 */
public final class RegisterDump {
    /** The largest dump in bytes. */
    public static final int MOST_BYTES = 16 << 20;

    private static final int MOST_WARNINGS = 20;
    private static final int LONGEST_QUOTE = 40;

    private final String file;
    private final Board board;
    private final Map<String, SortedMap<Long, Long>> values = new LinkedHashMap<>();
    private final TreeMap<Long, WindowSpec> byAddress = new TreeMap<>(Long::compareUnsigned);
    private final List<String> warnings = new ArrayList<>();
    private int silent;

    private RegisterDump(String file, Board board) {
        this.file = file;
        this.board = board;
        for (WindowSpec window : board.registers().values()) {
            if (window.at() != 0 || window.access() instanceof Access.Devmem) {
                byAddress.put(window.at(), window);
            }
        }
    }

    /**
     * Reads a dump.
     *
     * @param file how warnings name it
     * @param text all of it
     * @param board whose registers they are
     */
    public static RegisterDump of(String file, String text, Board board) {
        RegisterDump dump = new RegisterDump(file, board);
        int number = 0;
        for (String line : (Iterable<String>) text.lines()::iterator) {
            dump.line(++number, line);
        }
        return dump;
    }

    /** What was left out and why, each as {@code file:line: message}. */
    public List<String> warnings() {
        List<String> all = new ArrayList<>(warnings);
        if (silent > 0) {
            all.add(file + ": and " + silent + " more lines like these");
        }
        return all;
    }

    /** How many registers have a value. */
    public int size() {
        return values.values().stream().mapToInt(Map::size).sum();
    }

    /** Whether a register has a value. */
    boolean has(String window, long offset) {
        SortedMap<Long, Long> ofWindow = values.get(window);
        return ofWindow != null && ofWindow.containsKey(offset);
    }

    /** The board with these values as those that its registers start with. */
    Board applied() {
        Map<String, WindowSpec> windows = new LinkedHashMap<>(board.registers());
        values.forEach((name, ofWindow) -> windows.computeIfPresent(name, (same, window) -> {
            SortedMap<Long, Long> initial = new TreeMap<>(window.initial());
            initial.putAll(ofWindow);
            return window.withInitial(initial);
        }));
        return board.withRegisters(windows);
    }

    private void line(int number, String line) {
        int comment = line.indexOf('#');
        String said = (comment < 0 ? line : line.substring(0, comment)).strip();
        if (said.isEmpty()) {
            return;
        }
        String[] words = said.split("\\s*:\\s*|\\s+", -1);
        if (words.length < 2) {
            warn(number, "`" + shortened(said) + "` is no `ADDRESS VALUE`");
            return;
        }
        WindowSpec window;
        Long offset;
        int plus = words[0].lastIndexOf('+');
        if (plus > 0) {
            window = board.registers().get(words[0].substring(0, plus));
            offset = hex(words[0].substring(plus + 1));
            if (window == null) {
                warn(number, "the board has no register window `" + shortened(words[0].substring(0, plus)) + "`");
                return;
            }
        } else {
            Long address = hex(words[0]);
            Map.Entry<Long, WindowSpec> below = address == null ? null : byAddress.floorEntry(address);
            window = below == null ? null : below.getValue();
            offset = address == null || window == null ? address : (Long) (address - window.at());
            if (offset != null && (window == null || Long.compareUnsigned(offset, window.size()) >= 0)) {
                warn(number, "no register window of the board has the address `" + shortened(words[0]) + "`");
                return;
            }
        }
        if (offset == null || window == null) {
            warn(number, "`" + shortened(words[0]) + "` is no hexadecimal number, nor `WINDOW+OFFSET`");
            return;
        }
        int bytes = window.width() / 8;
        for (int i = 1; i < words.length; i++) {
            if (!put(number, window, offset + (long) (i - 1) * bytes, words[i])) {
                return;
            }
        }
    }

    private boolean put(int number, WindowSpec window, long offset, String word) {
        String register = window.name() + "+0x" + Long.toHexString(offset);
        Long value = hex(word);
        if (value == null) {
            warn(number, "`" + shortened(word) + "` is no hexadecimal number of at most 64 bits");
            return false;
        }
        if (offset % (window.width() / 8) != 0) {
            warn(
                    number,
                    register + " is no register: those of `" + window.name() + "` have " + window.width() + " bits");
            return false;
        }
        if (offset < 0 || offset > window.size() - window.width() / 8) {
            warn(number, register + " is outside the window");
            return false;
        }
        if (window.width() < 64 && value >>> window.width() != 0) {
            warn(
                    number,
                    "0x" + Long.toHexString(value) + " does not fit " + register + ", which has " + window.width()
                            + " bits");
            return false;
        }
        Long earlier =
                values.computeIfAbsent(window.name(), name -> new TreeMap<>()).put(offset, value);
        if (earlier != null && !earlier.equals(value)) {
            warn(number, register + " was 0x" + Long.toHexString(earlier) + " before; the last value counts");
        }
        return true;
    }

    private void warn(int number, String message) {
        if (warnings.size() < MOST_WARNINGS) {
            warnings.add(file + ":" + number + ": " + message);
        } else {
            silent++;
        }
    }

    private static @Nullable Long hex(String text) {
        String digits = text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
        if (!digits.matches("[0-9a-fA-F]{1,32}")) {
            return null;
        }
        BigInteger value = new BigInteger(digits, 16);
        return value.bitLength() > 64 ? null : value.longValue();
    }

    private static String shortened(String text) {
        String plain = text.replaceAll("\\p{Cntrl}", "?");
        return plain.length() <= LONGEST_QUOTE ? plain : plain.substring(0, LONGEST_QUOTE) + "...";
    }
}
