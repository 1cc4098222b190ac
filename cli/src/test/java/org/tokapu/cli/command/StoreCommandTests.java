package org.tokapu.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.tokapu.cli.Shell;
import org.tokapu.testkit.GoldenFolder;
import org.tokapu.testkit.HubServer;
import org.tokapu.testkit.TestData;

/// `pull`, `list` and `rm` with a host of our own, which breaks one connection; other failures of
/// hosts are tested with the download itself.
@Timeout(60)
class StoreCommandTests {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String FILE = "/org/tiny/resolve/" + COMMIT + "/tiny.gguf";

  @TempDir Path home;
  private HubServer server;
  private byte[] model;
  private Shell shell;

  @BeforeEach
  void serve() throws IOException, NoSuchAlgorithmException {
    Path folder = home.resolve("golden");
    GoldenFolder.write(TestData.json("golden/llama-mha.json"), folder);
    Path file = home.resolve("m.gguf");
    Shell.english(home).run("convert", folder.toString(), file.toString());
    model = Files.readAllBytes(file);
    server = new HubServer();
    server.on(
        "/api/models/org/tiny/revision/main?blobs=true",
        HubServer.file(listing().getBytes(StandardCharsets.UTF_8)));
    server.on(FILE, HubServer.broken(model, model.length / 2), HubServer.file(model));
    shell = Shell.english(home).with("HF_ENDPOINT", server.address().toString());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private String listing() throws NoSuchAlgorithmException {
    String sha = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(model));
    return """
    {"sha": "%s", "cardData": {"license": "cc-by-nc-4.0"}, "siblings": [
      {"rfilename": "tiny.gguf", "size": %d, "lfs": {"sha256": "%s", "size": %2$d}}]}
    """
        .formatted(COMMIT, model.length, sha);
  }

  @Test
  void aModelComesIsUsedByNameAndGoes() throws IOException {
    Shell.Result pull = shell.run("pull", "hf:org/tiny");
    assertThat(pull.code()).as(pull.err()).isZero();
    assertThat(pull.out()).isEqualTo("org/tiny" + System.lineSeparator());
    assertThat(pull.err())
        .contains("Licence: cc-by-nc-4.0")
        .contains("warning: the licence cc-by-nc-4.0 rules out commercial use")
        .contains("trying again");
    assertThat(Files.readAllBytes(home.resolve("models/org/tiny/tiny.gguf"))).isEqualTo(model);
    assertThat(server.requests(FILE)).hasSize(2);

    assertThat(shell.run("pull", "hf:org/tiny:tiny.gguf").err()).contains("there already");
    assertThat(server.requests(FILE)).hasSize(2);

    assertThat(shell.run("list").out()).contains("org/tiny").contains("no commercial use");
    for (String name : new String[] {"org/tiny", "tiny", "hf:org/tiny", "org/tiny/tiny.gguf"}) {
      Shell.Result run = shell.run("run", name, "--prompt-ids", "1,2", "-n", "3", "--ids");
      assertThat(run.code()).as(name + run.err()).isZero();
    }
    // The file itself names no licence: the hub's word counts.
    assertThat(shell.run("inspect", "tiny").err()).contains("rules out commercial use");

    Shell.Result rm = shell.run("rm", "tiny");
    assertThat(rm.code()).isZero();
    assertThat(rm.err()).contains("tiny");
    assertThat(shell.run("list").err()).contains("no model");
    assertThat(home.resolve("models/org")).doesNotExist();
  }

  @Test
  void whatIsNotThereIsAnError() {
    Shell.Result form = shell.run("pull", "tiny");
    assertThat(form.code()).isEqualTo(2);
    assertThat(form.err()).contains("hf:ORG/REPO");
    Shell.Result repository = shell.run("pull", "hf:org/none");
    assertThat(repository.code()).isEqualTo(1);
    assertThat(repository.err()).contains("org/none");
    Shell.Result file = shell.run("pull", "hf:org/tiny:Q2_K");
    assertThat(file.code()).isEqualTo(1);
    assertThat(file.err()).contains("Q2_K").contains("tiny.gguf");
    Shell.Result name = shell.run("rm", "tiny");
    assertThat(name.code()).isEqualTo(1);
    assertThat(name.err()).contains("tiny");
  }
}
