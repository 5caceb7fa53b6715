package io.easyagent.sidecar.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.secret.SecretValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {
  private static final Variables VARIABLES =
      new Variables(
          Map.of(
              "host.name", "web-1",
              "label.role", "web",
              "label.version", "1.10",
              "label.quoted", "a\"b\\c'd",
              "label.lines", "a\nevil: true",
              "label.braces", "{{host.id}}",
              "label.empty", "",
              "label.blanks", "  ",
              "package", "/opt/a b"));

  private static String render(String file, String text) throws PrepareException {
    return Template.render(text, VARIABLES, TemplateFormat.of(file), file);
  }

  private static String refusal(String file, String text) {
    return assertThrows(PrepareException.class, () -> render(file, text)).getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a.yml  | name: {{host.name}}            | name: \"web-1\"",
        "a.yaml | name: {{ host.name }}          | name: \"web-1\"",
        "a.yml  | v: {{label.version}}           | v: \"1.10\"",
        "a.yml  | v: [{{label.role}}, x]         | v: [\"web\", x]",
        "a.yml  | v: {a: {{label.role}}}         | v: {a: \"web\"}",
        "a.yml  | - {{label.quoted}}             | - \"a\\\"b\\\\c'd\"",
        "a.yml  | v: \"x {{label.quoted}} y\"    | v: \"x a\\\"b\\\\c'd y\"",
        "a.yml  | v: 'x {{label.quoted}} y'      | v: 'x a\"b\\c''d y'",
        "a.yml  | v: don't # {{host.name}}       | v: don't # web-1",
        "a.yml  | v: {{label.lines}}             | v: \"a\\u000aevil: true\"",
        "a.yml  | v: [don't, \"{{label.role}}\"] | v: [don't, \"web\"]",
        "a.yml  | - a: {b: [\"{{label.role}}\"]}  | - a: {b: [\"web\"]}",
        "a.yml  | v: !text {{label.version}}     | v: !text \"1.10\"",
        "a.json | {\"n\":{{host.name}}}          | {\"n\":\"web-1\"}",
        "a.json | {\"n\":\"{{label.lines}}\"}    | {\"n\":\"a\\u000aevil: true\"}",
        "a.conf | dir={{package}}/bin            | dir=/opt/a b/bin",
        "a.conf | a={{{{host.name}}              | a={{host.name}}",
        "a.conf | a={{label.braces}}             | a={{host.id}}",
      })
  void rendersForTheFormat(String file, String template, String expected) throws Exception {
    assertEquals(expected, render(file, template));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a.yml        | n: {{host.name}}.example | a part of an unquoted value",
        "a.yml        | n: x-{{host.name}}       | a part of an unquoted value",
        "a.yml        | n: \"\\{{host.name}}\"   | a backslash before a variable",
        "a.yml        | n: run \"{{host.name}}\" | a part of an unquoted value",
        "a.yml        | n: x [\"{{host.name}}\"] | a part of an unquoted value",
        "a.yml        | n:{{host.name}}          | a part of an unquoted value",
        "a.yml        | # {{label.lines}}        | cannot be written safely",
        "a.yml        | n: '{{label.lines}}'     | cannot be written safely",
        "a.properties | n={{label.lines}}        | cannot be written safely",
        "a.toml       | n = \"{{label.quoted}}\" | cannot be written safely",
        "a.conf       | n {{host.name            | {{ without a name",
        "a.conf       | n {{}}                   | {{ without a name",
        "a.conf       | n {{host.nam}}           | (nearest known: {{host.name}})",
        "a.conf       | n {{label.rol}}          | (nearest known: {{label.role}})",
        "a.conf       | n {{secret.key}}         | a secret that this host was given",
      })
  void refusesWithTheReason(String file, String template, String reason) {
    String message = refusal(file, template);
    assertTrue(message.contains(reason), message);
  }

  @Test
  void inABlockThereAreNoQuotes() throws Exception {
    String template = "a: |\n  echo \"{{host.name}}\" # it's\n\n  b\nc: \"{{label.quoted}}\"\n";
    assertEquals(
        "a: |\n  echo \"web-1\" # it's\n\n  b\nc: \"a\\\"b\\\\c'd\"\n", render("a.yml", template));
    String message = refusal("a.yml", "- a: |\n    echo \"{{label.quoted}}\"");
    assertTrue(message.contains("cannot be written safely"), message);
    String behind = render("a.yml", "- a: >-\n    text\n  b: {{label.quoted}}");
    assertEquals("- a: >-\n    text\n  b: \"a\\\"b\\\\c'd\"", behind);
  }

  /** The first line that is not empty decides how far the lines of a block are indented. */
  @ParameterizedTest
  @ValueSource(strings = {"a: |\n  {{label.empty}}\n", "a: |\n  {{label.blanks}}x\n  b\n"})
  void whatOpensABlockHasAFirstLetter(String template) {
    String message = refusal("a.yml", template);
    assertTrue(message.contains("cannot begin a block"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: |\n  {{host.name}}\n  it's {{host.name}}\n",
        "- |\n  {{host.name}}\n",
        "a: | # why\n  \"{{host.name}}\"\n",
        "a: |1\n   b\n  {{host.name}}\n",
        "a: |\r\n  b\r\n\r\n  {{host.name}}\r\n",
        "a: |\n  {{label.version}}{{label.empty}}\n  {{label.empty}}\n",
      })
  void inABlockAVariableThatOpensALineIsNoValueInQuotes(String template) throws Exception {
    String expected =
        template
            .replace("{{host.name}}", "web-1")
            .replace("{{label.version}}", "1.10")
            .replace("{{label.empty}}", "");
    assertEquals(expected, render("a.yml", template));
    String hostile = template.replaceFirst("\\{\\{[a-z.]*}}", "{{label.quoted}}");
    String message = refusal("a.yml", hostile);
    assertTrue(message.contains("cannot be written safely"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: one\n  \"{{host.name}}\"",
        "a: one\n  {{host.name}}",
        "a: one\n\n  {{host.name}}",
        "a: one\r\n\r\n  {{host.name}}",
        "a: one\n\t{{host.name}}",
        "a: one\r  {{host.name}}",
        "- one\n  {{host.name}}",
        "a:\n  one\n  {{host.name}}",
        "a:\n    one\n  {{host.name}}",
        "one\n{{host.name}}",
        "[one\n{{host.name}}]",
        "a: \u2003{{host.name}}",
      })
  void aLineThatGoesOnIsNoNewValue(String template) {
    String message = refusal("a.yml", template);
    assertTrue(message.contains("a part of an unquoted value"), message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a:\n  {{host.name}}",
        "a:\n  - \"{{host.name}}\"\n  - {{host.name}}\n",
        "a: # why\n\n  - b: {{host.name}}\n    c: one\n    {{host.name}}: d\n",
        "-\n  {{host.name}}",
        "a: !text\n  {{host.name}}",
        "%YAML 1.2\n---\n- {{host.name}}\n",
        "--- {{host.name}}\n...\n",
        "a: one\nb: {{host.name}}\n# {{host.name}}\n'c': {{host.name}}\n",
        "# why\r{{host.name}}: b",
        "{a: one, b: [\n  {{host.name}},\n{{host.name}}], \"c\" : {{host.name}}}",
      })
  void aValueMayBeginALine(String template) throws Exception {
    String expected =
        template
            .replace("\"{{host.name}}\"", "\"web-1\"")
            .replace("# {{host.name}}", "# web-1")
            .replace("{{host.name}}", "\"web-1\"")
            .replace("\"\"web-1\"\"", "\"web-1\"");
    assertEquals(expected, render("a.yml", template));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ :\"a, ' \", c: {{host.name}} } | no blank behind the :",
        "{ ?\"a, ' \", c: {{host.name}} } | no blank behind the ?",
        "[\"a\"#, {{host.name}}]         | no blank before the #",
      })
  void whereReadersDifferThereIsNoVariable(String template, String reason) {
    String message = refusal("a.yml", template);
    assertTrue(message.contains(reason), message);
  }

  @Test
  void namesThePlace() {
    String message = refusal("a.conf", "one\n  two {{nothing.of.the.kind}}");
    assertTrue(message.startsWith("a.conf, line 2, column 7: unknown variable"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"v: \"open\n  {{label.role}}\"", "v: 'open\n  {{label.role}}'"})
  void refusesAVariableBehindAQuoteOfAnEarlierLine(String template) {
    String message = refusal("a.yml", template);
    assertTrue(message.contains("opened in line 1 is not closed"), message);
  }

  @Test
  void rendersEachArgumentOnItsOwn() throws Exception {
    assertEquals(
        List.of("/opt/a b/bin/x", "--name=a\"b\\c'd", "$HOME"),
        Template.renderCommand(
            List.of("{{package}}/bin/x", "--name={{label.quoted}}", "$HOME"),
            VARIABLES,
            "command"));
    PrepareException refused =
        assertThrows(
            PrepareException.class,
            () -> Template.renderCommand(List.of("/x", "{{label.lines}}"), VARIABLES, "command"));
    assertTrue(refused.getMessage().startsWith("command[1]: "), refused.getMessage());
  }

  private static Variables withSecret(String value) {
    return new Variables(Map.of("host.name", "web-1"), Map.of("key", new SecretValue(value)));
  }

  @Test
  void aRefusalDoesNotShowASecret() {
    Variables variables = withSecret("pa$$word1");

    String message =
        assertThrows(
                PrepareException.class,
                () ->
                    Template.render("k={{secret.key}}", variables, TemplateFormat.PLAIN, "a.conf"))
            .getMessage();

    assertTrue(message.contains("the value of the secret cannot be written safely"), message);
    assertTrue(!message.contains("pa$$word1"), message);
    assertTrue(!variables.toString().contains("pa$$word1"), variables::toString);
  }

  @Test
  void noCommandGetsASecret() {
    Variables variables = withSecret("password1");

    String message =
        assertThrows(
                PrepareException.class,
                () ->
                    Template.renderCommand(
                        List.of("/bin/x", "{{secret.key}}"), variables, "command"))
            .getMessage();

    assertTrue(message.startsWith("command[1]: {{secret.key}} (expected:"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{secret.key}}", "{{ secret.key }}\n", "\n{{secret.key}}\n"})
  void aFileThatIsASecretAndNothingElseIsTheValueAsItIs(String template) throws Exception {
    String key = "-----BEGIN $KEY-----\n\"a\\b\"\n-----END KEY-----\n";

    String rendered =
        Template.renderWholeSecret(template, withSecret(key), "key.pem").orElseThrow();

    assertEquals(key.strip(), rendered.strip());
    assertTrue(rendered.contains(key), rendered);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{{host.name}}",
        "a {{secret.key}}",
        "{{secret.key}} {{secret.key}}",
        "{{{{secret.key}}",
        "{{secret.key}}}}"
      })
  void everyOtherFileHasItsFormatsRules(String template) throws Exception {
    assertTrue(Template.renderWholeSecret(template, withSecret("a"), "a.pem").isEmpty());
  }
}
