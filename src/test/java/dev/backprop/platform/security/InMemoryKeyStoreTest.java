package dev.backprop.platform.security;

class InMemoryKeyStoreTest extends KeyStoreContract {

  @Override
  protected KeyStore store() {
    return new InMemoryKeyStore();
  }
}
