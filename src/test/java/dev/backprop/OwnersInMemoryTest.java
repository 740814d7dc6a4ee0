package dev.backprop;

/// The same without a database.
class OwnersInMemoryTest extends OwnersTest {

  @Override
  String storage() {
    return "--backprop.storage=memory";
  }
}
