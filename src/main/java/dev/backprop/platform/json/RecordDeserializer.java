package dev.backprop.platform.json;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.SettableBeanProperty;
import tools.jackson.databind.deser.bean.BeanDeserializer;
import tools.jackson.databind.deser.bean.PropertyValueBuffer;

/// Reads a record from an object, and refuses a field that it does not know as soon as it meets it.
/// Jackson's own would first complain of the component that is missing because its name was
/// misspelt.
final class RecordDeserializer extends BeanDeserializer {

  RecordDeserializer(BeanDeserializer plain) {
    super(plain);
  }

  @Override
  protected Object _deserializeUsingPropertyBased(
      JsonParser parser, DeserializationContext context) {
    PropertyValueBuffer values =
        _propertyBasedCreator.startBuilding(parser, context, _objectIdReader);
    JsonToken token = parser.currentToken();
    while (token == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      token = parser.nextToken();
      SettableBeanProperty component = _propertyBasedCreator.findCreatorProperty(name);
      if (component == null) {
        handleUnknownProperty(parser, context, handledType(), name);
        parser.skipChildren();
      } else {
        values.assignParameter(
            component, _deserializeWithErrorWrapping(parser, context, component));
      }
      token = parser.nextToken();
    }
    try {
      return _propertyBasedCreator.build(context, values);
    } catch (RuntimeException e) {
      return wrapInstantiationProblem(context, e);
    }
  }
}
