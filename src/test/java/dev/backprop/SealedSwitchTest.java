package dev.backprop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backprop.planted.DefaultOverSealed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// A switch over a sealed type has no `default`, so that a new subtype does not compile until
/// somebody has decided what is to be done with it. Seen in the byte code: a switch without
/// `default` throws a `MatchException` there.
class SealedSwitchTest {

  @Test
  void noSwitchOverASealedTypeHasADefault() throws IOException, URISyntaxException {
    assertThat(found(BackpropApplication.class, "")).isEmpty();
  }

  @Test
  void aPlantedOneIsFound() throws IOException, URISyntaxException {
    assertThat(found(DefaultOverSealed.class, "DefaultOverSealed.class"))
        .containsExactly("dev/backprop/planted/DefaultOverSealed.area");
  }

  /// @param of any class of the directory that is searched
  private static List<String> found(Class<?> of, String name)
      throws IOException, URISyntaxException {
    Path root = Path.of(of.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".class") && file.toString().endsWith(name))
          .flatMap(SealedSwitchTest::methods)
          .filter(method -> method.code().map(SealedSwitchTest::hasOne).orElse(false))
          .map(
              method ->
                  method.parent().orElseThrow().thisClass().asInternalName()
                      + "."
                      + method.methodName().stringValue())
          .toList();
    }
  }

  private static Stream<MethodModel> methods(Path file) {
    try {
      return ClassFile.of().parse(file).methods().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean hasOne(CodeModel code) {
    List<CodeElement> elements = code.elementList();
    boolean sealed = false;
    for (CodeElement element : elements) {
      if (element instanceof InvokeDynamicInstruction call && isTypeSwitch(call)) {
        sealed = call.bootstrapArgs().stream().anyMatch(SealedSwitchTest::isOfASealedType);
      }
      Label otherwise =
          switch (element) {
            case LookupSwitchInstruction choice -> choice.defaultTarget();
            case TableSwitchInstruction choice -> choice.defaultTarget();
            default -> null;
          };
      if (otherwise != null) {
        if (sealed && !throwsMatchException(elements, otherwise)) {
          return true;
        }
        sealed = false;
      }
    }
    return false;
  }

  private static boolean isTypeSwitch(InvokeDynamicInstruction call) {
    return call.invokedynamic()
        .bootstrap()
        .bootstrapMethod()
        .reference()
        .name()
        .equalsString("typeSwitch");
  }

  private static boolean isOfASealedType(Object label) {
    if (!(label instanceof ClassDesc type && type.isClassOrInterface())) {
      return false;
    }
    String name = type.descriptorString().substring(1, type.descriptorString().length() - 1);
    if (!name.startsWith("dev/backprop/")) {
      return false;
    }
    try {
      Class<?> found =
          Class.forName(name.replace('/', '.'), false, SealedSwitchTest.class.getClassLoader());
      return Stream.concat(
              Arrays.stream(found.getInterfaces()), Stream.ofNullable(found.getSuperclass()))
          .anyMatch(Class::isSealed);
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean throwsMatchException(List<CodeElement> elements, Label target) {
    return elements.stream()
        .dropWhile(element -> !(element instanceof LabelTarget at && at.label().equals(target)))
        .filter(element -> element instanceof java.lang.classfile.Instruction)
        .findFirst()
        .filter(
            first ->
                first instanceof NewObjectInstruction made
                    && made.className().asInternalName().equals("java/lang/MatchException"))
        .isPresent();
  }
}
