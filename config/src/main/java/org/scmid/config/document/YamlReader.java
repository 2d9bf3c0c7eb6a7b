// Reads a YAML file into a tree with places, and refuses what configuration has no use for.
package org.scmid.config.document;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;

/**
 * Reads a YAML file into a tree with places. Binding libraries take the last of duplicate keys, read an alias as text
 * and stop at the first mistake; here duplicate keys, anchors, aliases, merge keys, tags and second documents are
 * problems of their own, and reading goes on behind them. Only a mistake in the syntax ends it.
 */
public final class YamlReader {
    public static final int MAX_BYTES = 16 << 20;

    /** The most values of a file. A large board has a few hundred thousand. */
    public static final int MOST_VALUES = 1 << 20;

    /** The most characters of one value: what works on values may take more than a time that is linear. */
    public static final int MOST_CHARACTERS = 64 << 10;

    /** The most characters of a key; YAML has the same limit for keys without a {@code ?}. */
    static final int LONGEST_KEY = 1024;

    static final int MAX_DEPTH = 32;

    private final String file;
    private final Problems problems;
    private final String text;
    private int valuesLeft = MOST_VALUES;

    /** Whether something was left out of the tree, so that it must not be judged further. */
    private boolean incomplete;

    /** The characters of the file as the parser counts them; null if they are those of the text. */
    private final int @Nullable [] codePoints;

    private YamlReader(String file, String text, Problems problems) {
        this.file = file;
        this.text = text;
        this.problems = problems;
        boolean basic = text.chars().noneMatch(c -> Character.isSurrogate((char) c));
        this.codePoints = basic ? null : text.codePoints().toArray();
    }

    /**
     * Reads a file that is one mapping.
     *
     * @param file how the file is named in places
     * @param problems takes what is wrong but lets reading go on
     * @throws ConfigException if nothing useful can be read; it has the other problems too
     */
    public static Node.Mapping read(String file, byte[] bytes, Problems problems) throws ConfigException {
        if (bytes.length > MAX_BYTES) {
            throw refusal(problems, new Place(file, 1, 1), tooLarge());
        }
        String text = decode(file, bytes, problems);
        checkCharacters(file, text, problems);
        return new YamlReader(file, text, problems).root();
    }

    static String tooLarge() {
        return "the file is larger than the " + (MAX_BYTES >> 20) + " MiB that a configuration file may have";
    }

    private static String decode(String file, byte[] bytes, Problems problems) throws ConfigException {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(in, out, true);
        out.flip();
        if (result.isError()) {
            String hex = String.format(Locale.ROOT, "0x%02x", bytes[in.position()]);
            throw refusal(
                    problems,
                    placeAfter(file, out),
                    "byte " + hex + " at offset " + in.position() + " is not UTF-8; save the file as UTF-8");
        }
        boolean byteOrderMark = out.length() > 0 && out.charAt(0) == '\ufeff';
        return out.subSequence(byteOrderMark ? 1 : 0, out.length()).toString();
    }

    private static void checkCharacters(String file, String text, Problems problems) throws ConfigException {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean white = c == '\n' || c == '\r' || c == '\t' || c == 0x85;
            boolean allowed = white || (c < 0xfffe && !Character.isISOControl(c));
            if (!allowed) {
                throw refusal(
                        problems,
                        placeAfter(file, text.subSequence(0, i)),
                        String.format(
                                Locale.ROOT, "control character U+%04X is not allowed in YAML; remove it", (int) c));
            }
        }
    }

    private static Place placeAfter(String file, CharSequence before) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < before.length(); i++) {
            char c = before.charAt(i);
            boolean windows = c == '\r' && i + 1 < before.length() && before.charAt(i + 1) == '\n';
            if (c == '\n' || (c == '\r' && !windows)) {
                line++;
                column = 1;
            } else if (!Character.isLowSurrogate(c)) {
                column++;
            }
        }
        return new Place(file, line, column);
    }

    /**
     * The parser's factory for this text. Its buffer holds all of it: else the parser moves what it looks ahead over each
     * time that it reads on, and a line takes a time that is quadratic in its length.
     */
    private static YAMLFactory yaml(String text) {
        return YAMLFactory.builder()
                .loadSettings(LoadSettings.builder()
                        .setCodePointLimit(MAX_BYTES + 1)
                        .setBufferSize(text.length() + 1)
                        .setAllowDuplicateKeys(true)
                        .build())
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNameLength(MAX_BYTES)
                        .maxNumberLength(MAX_BYTES)
                        .maxStringLength(MAX_BYTES)
                        .build())
                .build();
    }

    private Node.Mapping root() throws ConfigException {
        JsonParser parser = yaml(text).createParser(ObjectReadContext.empty(), text);
        Place at = new Place(file, 1, 1);
        try (parser) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw withOthers(at, "the file is empty; a board file begins with `board: NAME`");
            }
            at = place(parser.currentTokenLocation());
            Node root = node(parser, first, at, 1);
            if (parser.nextToken() != null) {
                problems.add(
                        place(parser.currentTokenLocation()),
                        "a second YAML document begins here; a configuration file is one document, remove the `---`");
            }
            if (incomplete) {
                throw problems.exception();
            }
            if (root instanceof Node.Mapping mapping) {
                return mapping;
            }
            throw withOthers(
                    root.place(), "the file is " + root.kind() + "; it must be a mapping that has the key `board`");
        } catch (TooMuch tooMuch) {
            throw withOthers(tooMuch.place, tooMuch.what + "; no configuration file needs that");
        } catch (JacksonException broken) {
            throw syntax(broken, parser);
        } catch (Problems.Enough enough) {
            throw problems.exception();
        } catch (RuntimeException bug) {

            // The YAML library promises JacksonException, but what a file holds must never surface as anything else.
            throw withOthers(place(parser.currentLocation()), "this is not valid YAML");
        }
    }

    private ConfigException withOthers(Place place, String message) {
        return refusal(problems, place, message);
    }

    private static ConfigException refusal(Problems problems, Place place, String message) {
        try {
            problems.add(place, message);
        } catch (Problems.Enough isAddedToo) {
            return problems.exception();
        }
        return problems.exception();
    }

    /** Reads the node that begins with the parser's current token. */
    private Node node(JsonParser parser, @Nullable JsonToken token, Place missing, int depth) throws TooMuch {
        Place place = place(parser.currentTokenLocation());
        if (depth > MAX_DEPTH) {
            throw new TooMuch(place, "nested deeper than " + MAX_DEPTH + " levels");
        }
        if (--valuesLeft < 0) {
            throw new TooMuch(place, "the file has more than " + Problems.grouped(MOST_VALUES) + " values");
        }
        int begin = character(parser.currentTokenLocation());
        refuseDecoration(begin, place);
        return switch (token) {
            case START_OBJECT -> mapping(parser, place, depth);
            case START_ARRAY -> {
                List<Node> items = new ArrayList<>();
                JsonToken next;
                while ((next = parser.nextToken()) != JsonToken.END_ARRAY) {
                    items.add(node(parser, next, place(parser.currentTokenLocation()), depth + 1));
                }
                yield new Node.Sequence(items, place);
            }
            case null -> new Node.Text("", false, missing);
            default -> {
                String value = Optional.ofNullable(parser.getString()).orElse("");
                if (value.length() > MOST_CHARACTERS) {
                    tooLong(place, "this value has ", value, MOST_CHARACTERS);
                }
                boolean quoted = begin == '"' || begin == '\'' || begin == '|' || begin == '>';
                yield new Node.Text(value, quoted, value.isEmpty() && !quoted ? missing : place);
            }
        };
    }

    private void tooLong(Place place, String what, String text, int most) {
        incomplete = true;
        problems.add(
                place,
                what + Problems.grouped(text.length()) + " characters, and at most " + Problems.grouped(most)
                        + " are allowed: " + Problems.quote(text));
    }

    private Node.Mapping mapping(JsonParser parser, Place place, int depth) throws TooMuch {
        Map<String, Node.Entry> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = Optional.ofNullable(parser.currentName()).orElse("");
            Place keyPlace = place(parser.currentTokenLocation());
            int begin = character(parser.currentTokenLocation());
            boolean isTooLong = key.length() > LONGEST_KEY;
            if (isTooLong) {
                tooLong(keyPlace, "this key has ", key, LONGEST_KEY);
            }
            boolean merge = key.equals("<<") && begin == '<';
            if (merge) {
                incomplete = true;
                problems.add(keyPlace, "the merge key `<<` is not allowed; write the keys out");
            } else {
                refuseDecoration(begin, keyPlace);
            }
            Node value = node(parser, parser.nextToken(), keyPlace, depth + 1);
            if (merge || isTooLong) {
                continue;
            }
            Node.Entry earlier = entries.putIfAbsent(key, new Node.Entry(key, keyPlace, value));
            if (earlier != null) {
                problems.add(
                        keyPlace,
                        "key " + Problems.quote(key) + " was already given in line "
                                + earlier.place().line() + "; keep one of them");
            }
        }
        return new Node.Mapping(entries, place);
    }

    /**
     * Refuses anchors, aliases and tags. The parser does not tell of an anchor at a scalar, so they are known by the
     * character that the token begins with; a plain scalar cannot begin with one of these.
     */
    private void refuseDecoration(int begin, Place place) {
        switch (begin) {
            case '&' ->
                problems.add(place, "anchors (`&name`) are not allowed; write the value out where it is needed");
            case '*' -> {
                incomplete = true;
                problems.add(
                        place,
                        "aliases (`*name`) are not allowed; write the value out, or quote it if it is text that"
                                + " begins with `*`");
            }
            case '!' ->
                problems.add(
                        place, "tags (`!tag`) are not allowed; remove it, or quote the value if it begins with `!`");
            default -> {}
        }
    }

    private int character(TokenStreamLocation location) {
        long offset = location.getCharOffset();
        int length = codePoints == null ? text.length() : codePoints.length;
        if (offset < 0 || offset >= length) {
            return -1;
        }
        return codePoints == null ? text.charAt((int) offset) : codePoints[(int) offset];
    }

    private Place place(TokenStreamLocation location) {
        return new Place(file, Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
    }

    /** The parser's complaint in our words. */
    private ConfigException syntax(JacksonException broken, JsonParser parser) {
        if (broken.getCause() instanceof MarkedYamlEngineException marked) {
            Optional<Mark> mark = marked.getProblemMark().or(marked::getContextMark);
            Place place = mark.map(m -> new Place(file, m.getLine() + 1, m.getColumn() + 1))
                    .orElseGet(() -> place(parser.currentLocation()));
            Optional<Place> opened =
                    marked.getContextMark().map(m -> new Place(file, m.getLine() + 1, m.getColumn() + 1));
            return explained(String.valueOf(marked.getProblem()), place, opened.orElse(place));
        }
        if (String.valueOf(broken.getOriginalMessage()).startsWith("Expected a property name")) {
            return withOthers(
                    place(parser.currentTokenLocation()),
                    "a key must be a single word or quoted text; lists, mappings and aliases cannot be keys");
        }
        return withOthers(place(parser.currentLocation()), "this is not valid YAML");
    }

    private ConfigException explained(String complaint, Place place, Place opened) {
        if (complaint.contains("TAB")) {
            return withOthers(place, "a tab is used for indentation; indent with spaces");
        }
        if (complaint.contains("<stream end>") || complaint.contains("unexpected end of stream")) {
            return withOthers(
                    opened,
                    "what begins here is not closed before the end of the file; add the missing quote or bracket");
        }
        if (complaint.startsWith("mapping values are not allowed")) {
            return withOthers(
                    place,
                    "a `:` cannot stand here; put nested keys on lines of their own, and quote text that has a `: ` in it");
        }
        if (complaint.contains("expected ',' or")) {
            return withOthers(
                    place,
                    "a `,` or the closing bracket is missing; the bracket was opened in line " + opened.line()
                            + ", column " + opened.column());
        }
        if (complaint.contains("expected <block end>")) {
            return withOthers(
                    place,
                    "this does not belong to what began in line " + opened.line()
                            + "; indent neighbouring keys alike, and begin list items with `- `");
        }
        if (complaint.contains("could not find expected ':'")) {
            return withOthers(opened, "a `:` is missing after this key");
        }
        if (complaint.contains("cannot start any token")) {
            return withOthers(
                    place,
                    "the character " + Problems.quote(at(place)) + " cannot begin a value; put the value in quotes");
        }
        if (complaint.contains("escape character")) {
            return withOthers(place, "unknown escape sequence in a double-quoted text; write `\\\\` for a backslash");
        }
        if (complaint.contains("<document start>")) {
            return withOthers(place, "this is indented less than the lines before it; indent neighbouring keys alike");
        }
        if (complaint.contains("alias") || complaint.contains("anchor")) {
            return withOthers(place, "anchors and aliases are not allowed; write the value out where it is needed");
        }
        return withOthers(place, "this is not valid YAML; check brackets, quotes and indentation here");
    }

    private String at(Place place) {
        List<String> lines = text.lines().skip(place.line() - 1L).limit(1).toList();
        if (lines.isEmpty()) {
            return "";
        }
        int[] line = lines.getFirst().codePoints().toArray();
        return place.column() <= line.length ? Character.toString(line[place.column() - 1]) : "";
    }

    private static final class TooMuch extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Place place;
        private final String what;

        TooMuch(Place place, String what) {
            super(null, null, false, false);
            this.place = place;
            this.what = what;
        }
    }
}
