package dev.backprop.platform.keys;

class InMemoryKeyStoreTest extends KeyStoreContract {

  @Override
  protected KeyStore store() {
    return new InMemoryKeyStore();
  }
}
