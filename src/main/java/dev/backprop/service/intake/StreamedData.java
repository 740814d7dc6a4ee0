package dev.backprop.service.intake;

import dev.backprop.engine.data.DenseRows;
import dev.backprop.engine.table.ByteBudget;
import dev.backprop.engine.table.MissingTokens;
import dev.backprop.engine.table.TableBuilder;
import dev.backprop.service.dataset.JsonNumbersReader;
import dev.backprop.service.dataset.JsonRowsReader;
import java.util.function.Supplier;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/// Reads the parts of a request that Jackson does not bind. Rows go straight into typed columns,
/// and bare numbers straight into blocks of floats.
///
/// @param budgets makes a budget for each array of rows or numbers
record StreamedData(Supplier<ByteBudget> budgets) {

  /// The attribute by which a Jackson reader hands the budgets to the deserializers.
  static final Class<StreamedData> ATTRIBUTE = StreamedData.class;

  private static ByteBudget budget(DeserializationContext context) {
    return ((StreamedData) context.getAttribute(ATTRIBUTE)).budgets().get();
  }

  private static String pointer(JsonParser json) {
    return json.streamReadContext().pathAsPointer().toString();
  }

  static final class Rows extends ValueDeserializer<TableBuilder> {

    @Override
    public TableBuilder deserialize(JsonParser json, DeserializationContext context) {
      TableBuilder table = TableBuilder.inferring(MissingTokens.NONE, budget(context));
      JsonRowsReader.read(json, table, pointer(json));
      return table;
    }
  }

  static final class Numbers extends ValueDeserializer<DenseRows> {

    @Override
    public DenseRows deserialize(JsonParser json, DeserializationContext context) {
      DenseRows.Builder rows = new DenseRows.Builder(budget(context));
      JsonNumbersReader.read(json, rows, pointer(json));
      return rows.build();
    }
  }

  static final class OneRow extends ValueDeserializer<DenseRows> {

    @Override
    public DenseRows deserialize(JsonParser json, DeserializationContext context) {
      DenseRows.Builder row = new DenseRows.Builder(budget(context));
      JsonNumbersReader.row(json, row, pointer(json));
      return row.build();
    }
  }
}
