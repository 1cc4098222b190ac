package org.tokapu.model.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tokapu.base.ModelFormatException;
import org.tokapu.base.OutOfCapacityException;
import org.tokapu.base.TokapuException;
import org.tokapu.testkit.HubServer;

/// Downloads from a host that fails in every way that hosts fail. A hang is what the timeout is
/// for.
@Timeout(60)
class HubDownloadTests {
  private static final String API = "/api/models/org/repo/revision/main?blobs=true";
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final String MODEL = "/org/repo/resolve/" + COMMIT + "/m.gguf";

  @TempDir Path home;
  private final byte[] body = new byte[200_000];
  private final List<Duration> pauses = new ArrayList<>();
  private HubServer server;
  private HubClient client;
  private ModelStore store;

  @BeforeEach
  void serve() throws IOException {
    new Random(7).nextBytes(body);
    server = new HubServer();
    client = new HubClient(server.address(), Optional.of("secret"), pauses::add);
    store = new ModelStore(home.resolve("models"));
    list(lfs("m.gguf", body.length, sha256(body)));
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    server.close();
  }

  @Test
  void aModelArrivesAndIsFoundByItsName() throws IOException {
    server.on(MODEL, HubServer.file(body));
    List<Long> seen = new ArrayList<>();
    HubDownload download = new HubDownload(client, store);
    DownloadPlan plan = download.plan(HubReference.parse("hf:org/repo"));
    assertThat(plan.missingBytes()).isEqualTo(body.length);
    assertThat(plan.repository().licence().orElseThrow().terms())
        .isEqualTo(Licence.Terms.NON_COMMERCIAL);
    Path path = download.run(plan, (file, done, total) -> seen.add(done));
    assertThat(path).isEqualTo(home.resolve("models/org/repo/m.gguf")).hasBinaryContent(body);
    assertThat(seen).isSorted().last().isEqualTo((long) body.length);
    assertThat(files()).containsExactly(".tokapu.json", "m.gguf");
    StoredModel stored = store.find("repo").orElseThrow();
    assertThat(stored.name()).isEqualTo("org/repo");
    assertThat(stored.origin().orElseThrow().commit()).isEqualTo(COMMIT);
    assertThat(stored.origin().orElseThrow().licence().orElseThrow().id())
        .isEqualTo("cc-by-nc-4.0");
    assertThat(server.requests(MODEL).getFirst().headers())
        .containsEntry("authorization", "Bearer secret");

    DownloadPlan again = download.plan(HubReference.parse("hf:org/repo"));
    assertThat(again.missing()).isEmpty();
    assertThat(download.run(again, DownloadProgress.none())).isEqualTo(path);
    assertThat(server.requests(MODEL)).hasSize(1);

    list(lfs("m.gguf", body.length, sha256(new byte[] {1})));
    assertThat(download.plan(HubReference.parse("hf:org/repo")).missing()).hasSize(1);
  }

  @Test
  void safetensorsComeWithTheirSideFiles() throws IOException {
    byte[] hello = "hello\n".getBytes(StandardCharsets.UTF_8);
    // What git hash-object says about these six bytes.
    String blob = "ce013625030ba8dba906f756967f9e9ca394464a";
    list(
        lfs("model.safetensors", body.length, sha256(body)),
        plain("config.json", 6, blob),
        plain("pytorch_model.bin", 6, blob));
    server.on("/org/repo/resolve/" + COMMIT + "/model.safetensors", HubServer.file(body));
    server.on("/org/repo/resolve/" + COMMIT + "/config.json", HubServer.file(hello));
    assertThat(download("hf:org/repo")).isEqualTo(home.resolve("models/org/repo"));
    assertThat(files()).containsExactly(".tokapu.json", "config.json", "model.safetensors");
    server.on(
        "/org/repo/resolve/" + COMMIT + "/config.json",
        HubServer.file("hallo\n".getBytes(StandardCharsets.UTF_8)));
    Files.delete(home.resolve("models/org/repo/config.json"));
    assertThatThrownBy(() -> download("hf:org/repo")).hasMessageContaining("Git blob id");
  }

  @Test
  void brokenConnectionsAreResumed() throws IOException {
    server.on(
        MODEL,
        HubServer.broken(body, 70_000),
        HubServer.silence(),
        HubServer.broken(body, 70_000),
        HubServer.file(body));
    assertThat(download("hf:org/repo")).hasBinaryContent(body);
    List<Integer> from = server.requests(MODEL).stream().map(HubServer.Request::from).toList();
    assertThat(from).hasSize(4).isSorted();
    assertThat(from.getFirst()).isZero();
    assertThat(from.getLast()).isGreaterThan(100_000);
  }

  @Test
  void aLaterRunGoesOnWhereAnEarlierStopped() throws IOException {
    part(Arrays.copyOf(body, 150_000));
    server.on(MODEL, HubServer.file(body));
    HubDownload download = new HubDownload(client, store);
    DownloadPlan plan = download.plan(HubReference.parse("hf:org/repo"));
    assertThat(plan.missingBytes()).isEqualTo(50_000);
    assertThat(download.run(plan, DownloadProgress.none())).hasBinaryContent(body);
    assertThat(server.requests(MODEL)).extracting(HubServer.Request::from).containsExactly(150_000);
  }

  @Test
  void hostsWithoutRangesSendAllAgain() throws IOException {
    part(Arrays.copyOf(body, 150_000));
    server.on(MODEL, HubServer.whole(body));
    assertThat(download("hf:org/repo")).hasBinaryContent(body);
  }

  @Test
  void staleBeginningsAreThrownAway() throws IOException {
    part(new byte[100]);
    server.on(MODEL, HubServer.file(body));
    assertThat(download("hf:org/repo")).hasBinaryContent(body);
    part(new byte[body.length + 5]);
    Files.delete(home.resolve("models/org/repo/m.gguf"));
    assertThat(download("hf:org/repo")).hasBinaryContent(body);
    part(new byte[10]);
    Files.delete(home.resolve("models/org/repo/m.gguf"));
    server.on(MODEL, HubServer.status(416), HubServer.file(body));
    assertThat(download("hf:org/repo")).hasBinaryContent(body);
  }

  @Test
  void wrongBytesAreNotKept() throws IOException {
    byte[] wrong = body.clone();
    wrong[99] ^= 1;
    server.on(MODEL, HubServer.file(wrong));
    assertThatThrownBy(() -> download("hf:org/repo"))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("SHA-256")
        .hasMessageContaining("nothing of it was kept");
    assertThat(server.requests(MODEL)).hasSize(2);
    assertThat(home.resolve("models/org/repo/m.gguf")).doesNotExist();
    assertThat(store.models()).isEmpty();
    server.on(MODEL, HubServer.file(wrong), HubServer.file(body));
    assertThat(download("hf:org/repo")).hasBinaryContent(body);
  }

  @Test
  void patienceIsAsTheHostAsks() throws IOException {
    server.on(
        MODEL,
        HubServer.status(429, "Retry-After: 7"),
        HubServer.status(429, "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT"),
        HubServer.status(503),
        HubServer.status(500),
        HubServer.file(body));
    assertThat(download("hf:org/repo")).hasBinaryContent(body);
    assertThat(pauses).extracting(Duration::toSeconds).containsExactly(7L, 0L, 4L, 8L);
  }

  @Test
  void patienceEnds() {
    server.on(MODEL, HubServer.status(503));
    assertThatThrownBy(() -> download("hf:org/repo"))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("answers 503")
        .hasMessageContaining("try again later");
    assertThat(pauses)
        .extracting(Duration::toSeconds)
        .containsExactly(1L, 2L, 4L, 8L, 16L, 32L, 60L);
    pauses.clear();
    server.on(MODEL, HubServer.status(429, "Retry-After: 86400"));
    assertThatThrownBy(() -> download("hf:org/repo")).hasMessageContaining("asked to wait 86400 s");
    assertThat(pauses).isEmpty();
    server.on(MODEL, HubServer.silence());
    assertThatThrownBy(() -> download("hf:org/repo")).hasMessageContaining("m.gguf");
  }

  @Test
  void liesAboutLengthsDoNotFillTheDisk() throws IOException {
    byte[] longer = Arrays.copyOf(body, body.length + 1);
    server.on(MODEL, HubServer.endless(longer));
    assertThatThrownBy(() -> download("hf:org/repo"))
        .hasMessageContaining("more than the listed 200000 bytes");
    server.on(MODEL, HubServer.whole(Arrays.copyOf(body, 1000)));
    assertThatThrownBy(() -> download("hf:org/repo")).hasMessageContaining("ended after 1000");
    assertThat(Files.size(home.resolve("models/org/repo/m.gguf.part")))
        .isLessThanOrEqualTo(body.length);
    server.on(MODEL, HubServer.endless(body));
    assertThat(download("hf:org/repo")).hasBinaryContent(body);
  }

  @Test
  void redirectsLeadElsewhereWithoutTheToken() throws IOException {
    try (HubServer elsewhere = new HubServer()) {
      elsewhere.on("/blob?sig=1", HubServer.file(body));
      server.on(MODEL, HubServer.status(302, "Location: /again"));
      server.on(
          "/again", HubServer.status(307, "Location: " + elsewhere.address() + "/blob?sig=1"));
      assertThat(download("hf:org/repo")).hasBinaryContent(body);
      assertThat(server.requests("/again").getFirst().headers()).containsKey("authorization");
      assertThat(elsewhere.requests("/blob?sig=1").getFirst().headers())
          .doesNotContainKey("authorization");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Location: /self", "Location: file:///etc/passwd", "X: y", "Location: :"})
  void redirectsThatLeadNowhereAreRefused(String header) {
    server.on(MODEL, HubServer.status(302, header));
    server.on("/self", HubServer.status(302, "Location: /self"));
    assertThatThrownBy(() -> download("hf:org/repo"))
        .isInstanceOf(TokapuException.class)
        .hasMessageContaining("redirects");
  }

  @Test
  void refusalsSayWhatToDo() {
    server.on(API, HubServer.status(401));
    assertThatThrownBy(() -> download("hf:org/repo")).hasMessageContaining("HF_TOKEN");
    server.on(API, HubServer.status(403));
    assertThatThrownBy(() -> download("hf:org/repo")).hasMessageContaining("gated");
    server.on(API, HubServer.status(404));
    assertThatThrownBy(() -> download("hf:org/repo")).hasMessageContaining("no such repository");
    server.on(API, HubServer.whole("<html>".getBytes(StandardCharsets.UTF_8)));
    assertThatThrownBy(() -> download("hf:org/repo")).isInstanceOf(ModelFormatException.class);
    list(lfs("m.gguf", 1, "zz"));
    assertThatThrownBy(() -> download("hf:org/repo")).hasMessageContaining("sha256");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../m.gguf",
        "/m.gguf",
        "a/../../m.gguf",
        "a\\\\m.gguf",
        "C:m.gguf",
        "a//m.gguf",
        "./m.gguf",
        "a\\u0000.gguf"
      })
  void pathsOutOfTheStoreAreRefused(String path) {
    list(lfs(path, body.length, sha256(body)));
    assertThatThrownBy(() -> download("hf:org/repo"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("refused");
    assertThat(home.resolve("models")).doesNotExist();
  }

  @Test
  void aDiskThatIsTooSmallIsSaidBefore() {
    list(lfs("m.gguf", Long.MAX_VALUE, sha256(body)), lfs("m2.gguf", Long.MAX_VALUE, sha256(body)));
    server.on(MODEL, HubServer.file(body));
    assertThatThrownBy(() -> download("hf:org/repo:m.gguf"))
        .isInstanceOf(OutOfCapacityException.class)
        .hasMessageContaining("free");
    assertThat(server.requests(MODEL)).isEmpty();
  }

  @Test
  void filesWithoutListedSizesArrive() throws IOException {
    list("{\"rfilename\":\"m.gguf\"}");
    server.on(MODEL, HubServer.broken(body, 70_000), HubServer.file(body));
    assertThat(download("hf:org/repo")).hasBinaryContent(body);
  }

  private Path download(String reference) {
    HubDownload download = new HubDownload(client, store);
    return download.run(download.plan(HubReference.parse(reference)), DownloadProgress.none());
  }

  private void list(String... siblings) {
    String json =
        "{\"sha\":\"%s\",\"cardData\":{\"license\":\"cc-by-nc-4.0\"},\"siblings\":[%s]}"
            .formatted(COMMIT, String.join(",", siblings));
    server.on(API, HubServer.whole(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static String lfs(String path, long size, String sha256) {
    return "{\"rfilename\":\"%s\",\"size\":%d,\"blobId\":\"x\",\"lfs\":{\"sha256\":\"%s\",\"size\":%d}}"
        .formatted(path, size, sha256, size);
  }

  private static String plain(String path, long size, String blobId) {
    return "{\"rfilename\":\"%s\",\"size\":%d,\"blobId\":\"%s\"}".formatted(path, size, blobId);
  }

  private void part(byte[] bytes) throws IOException {
    Path part = home.resolve("models/org/repo/m.gguf.part");
    Files.createDirectories(part.getParent());
    Files.write(part, bytes);
  }

  private List<String> files() {
    return StoreFolder.children(home.resolve("models/org/repo")).stream()
        .map(f -> f.getFileName().toString())
        .toList();
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
