package io.easyagent.server.artifact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.store.StoreContract;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link PackageTable} promises. */
public abstract class PackageTableContract extends StoreContract {
  private PackageVersion insert(String name, String version, String sha256) {
    PackageVersion row =
        new PackageVersion(name, version, sha256, 1L << 40, NOW, "anna", Optional.empty());
    run(transaction -> stores.packages().insert(transaction, row));
    return row;
  }

  private Optional<PackageVersion> find(String name, String version) {
    return read(transaction -> stores.packages().find(transaction, name, version));
  }

  private boolean isUsed(String sha256) {
    return read(transaction -> stores.packages().isUsed(transaction, sha256));
  }

  @Test
  void aPackageIsItsNameAndItsVersion() {
    PackageVersion one = insert("filebeat", "8.15.3", "aa");
    PackageVersion other = insert("filebeat", "8.15.4", "bb");

    assertEquals(Optional.of(one), find("filebeat", "8.15.3"));
    assertEquals(Optional.of(other), find("filebeat", "8.15.4"));
    assertEquals(Optional.empty(), find("filebeat", "8.15"));
    assertEquals(Optional.empty(), find("8.15.3", "filebeat"));
    assertRefused(transaction ->
        stores
            .packages()
            .insert(
                transaction,
                new PackageVersion("filebeat", "8.15.3", "cc", 1, NOW, "eve", Optional.empty())));
    assertEquals("aa", find("filebeat", "8.15.3").orElseThrow().sha256());
  }

  @Test
  void aSignatureIsKeptAndReplaced() {
    PackageVersion unsigned = insert("filebeat", "8.15.3", "aa");
    insert("filebeat", "8.15.4", "bb");
    assertEquals(Optional.empty(), unsigned.signature());
    for (String signature : List.of("ab".repeat(64), "cd".repeat(64))) {
      run(transaction -> stores.packages().sign(transaction, unsigned.signedWith(signature)));
      assertEquals(Optional.of(unsigned.signedWith(signature)), find("filebeat", "8.15.3"));
    }
    assertEquals(Optional.empty(), find("filebeat", "8.15.4").orElseThrow().signature());
  }

  @Test
  void listsAreSortedByNameThenVersionAsText() {
    insert("vmagent", "1.0", "aa");
    insert("filebeat", "9.0", "bb");
    insert("filebeat", "10.0", "cc");
    insert("filebeat", "10.0-rc1", "dd");
    insert("app", "2", "ee");

    assertEquals(
        List.of("app@2", "filebeat@10.0", "filebeat@10.0-rc1", "filebeat@9.0", "vmagent@1.0"),
        list(Optional.empty()));
    assertEquals(
        List.of("filebeat@10.0", "filebeat@10.0-rc1", "filebeat@9.0"),
        list(Optional.of("filebeat")));
    assertEquals(List.of(), list(Optional.of("file")));
  }

  private List<String> list(Optional<String> name) {
    return walk((transaction, page) -> stores.packages().page(transaction, name, page)).stream()
        .map(row -> row.name() + "@" + row.version())
        .toList();
  }

  @Test
  void anArchiveIsUsedAsLongAsAPackageNamesIt() {
    insert("one", "1", "aa");
    insert("two", "1", "aa");
    insert("three", "1", "bb");
    assertEquals(Set.of("aa", "bb"), read(stores.packages()::archives));

    delete("one", "1");
    assertTrue(isUsed("aa"));
    delete("two", "1");
    assertFalse(isUsed("aa"));

    assertEquals(Set.of("bb"), read(stores.packages()::archives));
    assertEquals(Optional.empty(), find("one", "1"));
    delete("one", "1");
    assertTrue(isUsed("bb"));
  }

  private void delete(String name, String version) {
    run(transaction -> stores.packages().delete(transaction, name, version));
  }
}
