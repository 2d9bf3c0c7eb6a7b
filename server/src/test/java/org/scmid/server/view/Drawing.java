// What a picture of a clock tree puts where.
package org.scmid.server.view;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/**
 * The boxes, texts and lines of an SVG, as far as {@link SvgTree} draws such.
 *
 * @param width of the picture
 * @param height of the picture
 * @param boxes the rectangles, without the background
 * @param texts where the texts are, with the height from the top of the tallest letter to below the deepest
 * @param lines the straight pieces of the lines, as rectangles without width or height
 */
record Drawing(int width, int height, List<Area> boxes, List<Area> texts, List<Area> lines) {
    /** What the letters of a monospaced font are wide, in parts of their height; no usual font has wider ones. */
    private static final double LETTER = 0.61;

    private static final double ASCENT = 0.8;
    private static final double DESCENT = 0.2;

    /** A rectangle of the picture, and what it is. */
    record Area(String what, double left, double top, double right, double bottom) {
        boolean overlaps(Area other) {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }

        boolean contains(Area other) {
            return left <= other.left && other.right <= right && top <= other.top && other.bottom <= bottom;
        }

        @Override
        public String toString() {
            return "%s at %.0f,%.0f to %.0f,%.0f".formatted(what, left, top, right, bottom);
        }
    }

    static Drawing of(String svg) throws Exception {
        Element root = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(svg)))
                .getDocumentElement();
        List<Area> boxes = new ArrayList<>();
        List<Area> texts = new ArrayList<>();
        List<Area> lines = new ArrayList<>();
        double usual = number(root, "font-size");
        var elements = root.getElementsByTagName("*");
        for (int i = 0; i < elements.getLength(); i++) {
            Element element = (Element) elements.item(i);
            switch (element.getTagName()) {
                case "rect" -> {
                    if (!element.getAttribute("width").endsWith("%")) {
                        boxes.add(box(element));
                    }
                }
                case "text" -> texts.add(text(element, usual));
                case "path" -> lines.addAll(pieces(element.getAttribute("d")));
                default -> throw new IllegalArgumentException("unknown element " + element.getTagName());
            }
        }
        return new Drawing((int) number(root, "width"), (int) number(root, "height"), boxes, texts, lines);
    }

    private static Area box(Element element) {
        double left = number(element, "x");
        double top = number(element, "y");
        return new Area("a box", left, top, left + number(element, "width"), top + number(element, "height"));
    }

    private static Area text(Element element, double usual) {
        double font = element.hasAttribute("font-size") ? number(element, "font-size") : usual;
        double left = number(element, "x");
        double baseline = number(element, "y");
        String text = element.getTextContent();
        return new Area(
                "`" + text + "`",
                left,
                baseline - ASCENT * font,
                left + text.length() * LETTER * font,
                baseline + DESCENT * font);
    }

    /** The pieces of a path of absolute M, V and H. */
    private static List<Area> pieces(String path) {
        List<Area> pieces = new ArrayList<>();
        double x = 0;
        double y = 0;
        for (String step : path.split("(?= [MVH])", -1)) {
            String trimmed = step.trim();
            String[] numbers = trimmed.substring(1).split(" ", -1);
            double toX = trimmed.charAt(0) == 'V' ? x : Double.parseDouble(numbers[0]);
            double toY = switch (trimmed.charAt(0)) {
                case 'V' -> Double.parseDouble(numbers[0]);
                case 'H' -> y;
                case 'M' -> Double.parseDouble(numbers[1]);
                default -> throw new IllegalArgumentException("unknown step " + trimmed);
            };
            if (trimmed.charAt(0) != 'M') {
                pieces.add(new Area("a line", Math.min(x, toX), Math.min(y, toY), Math.max(x, toX), Math.max(y, toY)));
            }
            x = toX;
            y = toY;
        }
        return pieces;
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }
}
