package dev.podpath.it.live;

import com.fasterxml.jackson.databind.JsonNode;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;

/** Writes what the AWS command line prints as the XML that the service sent, by the names in the service's model. */
final class WireXml {
    private WireXml() {}

    /**
     * The members of a structure.
     *
     * @param structure the structure's model
     * @param json what the command line prints of it
     * @param item how elements of lists are named where the model does not say
     */
    static String members(SdkPojo structure, JsonNode json, String item) {
        StringBuilder out = new StringBuilder();
        json.fieldNames().forEachRemaining(name -> {
            SdkField<?> field = structure.sdkFields().stream()
                    .filter(candidate -> candidate.memberName().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("the model has no member " + name));
            out.append(element(field, field.unmarshallLocationName(), json.get(name), item));
        });
        return out.toString();
    }

    private static String element(SdkField<?> field, String name, JsonNode json, String item) {
        return "<" + name + ">" + content(field, json, item) + "</" + name + ">";
    }

    private static String content(SdkField<?> field, JsonNode json, String item) {
        if (field.marshallingType() == MarshallingType.SDK_POJO) {
            return members(field.constructor().get(), json, item);
        }
        if (field.marshallingType() == MarshallingType.LIST) {
            ListTrait list = field.getTrait(ListTrait.class);
            SdkField<?> element = list.memberFieldInfo();
            String given = list.memberLocationName();
            String name = item.equals("item") || given == null ? item : given;
            StringBuilder out = new StringBuilder();
            json.forEach(entry -> out.append(element(element, name, entry, item)));
            return out.toString();
        }
        String text = json.asText();
        boolean time = field.marshallingType() == MarshallingType.INSTANT;
        return (time ? text.replace("+00:00", "Z") : text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
    }
}
