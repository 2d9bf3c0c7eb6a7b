// Sums up Surefire's reports: tests per module, then each failed and each skipped test with its reason.
// The last line reads `N passed, N failed, N skipped`. Exits with 1 if a test failed, or if none ran.
// Run as a source file: java tools/TestSummary.java

import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;

static final class Count {
    int passed;
    int failed;
    int skipped;
    double seconds;
}

void main() throws Exception {
    var modules = new TreeMap<String, Count>();
    var problems = new ArrayList<String>();
    for (Path report : reports()) {
        Element suite = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(report.toFile())
                .getDocumentElement();
        Count count = modules.computeIfAbsent(report.getName(0).toString(), name -> new Count());
        count.seconds += Double.parseDouble(suite.getAttribute("time").replace(",", ""));
        var cases = suite.getElementsByTagName("testcase");
        for (int i = 0; i < cases.getLength(); i++) {
            tally((Element) cases.item(i), count, problems);
        }
    }

    var total = new Count();
    modules.forEach((module, count) -> {
        IO.println(String.format(
                "%-20s %6d passed %4d failed %4d skipped %8.1f s",
                module, count.passed, count.failed, count.skipped, count.seconds));
        total.passed += count.passed;
        total.failed += count.failed;
        total.skipped += count.skipped;
    });
    problems.forEach(IO::println);
    IO.println(total.passed + " passed, " + total.failed + " failed, " + total.skipped + " skipped");
    System.exit(total.failed > 0 || total.passed == 0 ? 1 : 0);
}

List<Path> reports() throws IOException {
    try (var modules = Files.list(Path.of(""))) {
        return modules.map(module -> module.resolve("target/surefire-reports"))
                .filter(Files::isDirectory)
                .flatMap(folder -> Stream.of(Objects.requireNonNull(folder.toFile().listFiles())))
                .map(File::toPath)
                .filter(file -> file.getFileName().toString().matches("TEST-.*\\.xml"))
                .sorted()
                .toList();
    }
}

void tally(Element test, Count count, List<String> problems) {
    String name = test.getAttribute("classname") + "." + test.getAttribute("name");
    Element trouble = child(test, "failure");
    trouble = trouble != null ? trouble : child(test, "error");
    Element skip = child(test, "skipped");
    if (trouble != null) {
        count.failed++;
        problems.add("FAILED  " + name + ": "
                + trouble.getAttribute("message").lines().findFirst().orElse(trouble.getAttribute("type")));
    } else if (skip != null) {
        count.skipped++;
        problems.add("SKIPPED " + name + ": " + reason(skip));
    } else {
        count.passed++;
    }
}

/** Why a test was skipped: an annotation's text is in the message, an assumption's in the first line of the trace. */
String reason(Element skip) {
    String message = skip.getAttribute("message");
    if (message.isEmpty()) {
        message = skip.getTextContent().lines().findFirst().orElse("").replaceFirst("^[\\w.]+: ", "");
    }
    return message.isEmpty() ? "no reason given" : message;
}

Element child(Element of, String name) {
    var found = of.getElementsByTagName(name);
    return found.getLength() == 0 ? null : (Element) found.item(0);
}
