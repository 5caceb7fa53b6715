package io.easyagent.server.secret;

/**
 * A value as it is stored: AES-256-GCM, with the secret's name, version and key as associated data,
 * so that no row can stand in for another.
 *
 * @param key the id of the key that it was sealed with
 * @param nonce base64, never used twice
 * @param ciphertext base64, with its tag
 */
public record SealedSecret(String key, String nonce, String ciphertext) {}
