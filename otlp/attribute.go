package otlp

import (
	"strings"

	"github.com/socktrace/socktrace/internal/protowire"
)

// appendString appends an attribute with a text. What is no UTF-8 is replaced: others
// would not be taken (Protocol Buffers, "Scalar Value Types").
func appendString(dst []byte, field protowire.Number, key, value string) []byte {
	value = strings.ToValidUTF8(value, "\uFFFD")
	dst, kv := protowire.Begin(dst, field)
	dst = protowire.AppendBytes(dst, keyValueKey, key)
	dst, v := protowire.Begin(dst, keyValueValue)
	dst = protowire.AppendBytes(dst, anyString, value)
	return protowire.End(protowire.End(dst, v), kv)
}

// appendInt appends an attribute with a number.
func appendInt(dst []byte, field protowire.Number, key string, value int64) []byte {
	dst, kv := protowire.Begin(dst, field)
	dst = protowire.AppendBytes(dst, keyValueKey, key)
	dst, v := protowire.Begin(dst, keyValueValue)
	dst = protowire.AppendVarint(dst, anyInt, uint64(value))
	return protowire.End(protowire.End(dst, v), kv)
}

// appendTrue appends an attribute that is true.
func appendTrue(dst []byte, field protowire.Number, key string) []byte {
	dst, kv := protowire.Begin(dst, field)
	dst = protowire.AppendBytes(dst, keyValueKey, key)
	dst, v := protowire.Begin(dst, keyValueValue)
	dst = protowire.AppendVarint(dst, anyBool, 1)
	return protowire.End(protowire.End(dst, v), kv)
}

// appendText appends an attribute with a text, if there is one.
func appendText(dst []byte, field protowire.Number, key, value string) []byte {
	if value == "" {
		return dst
	}
	return appendString(dst, field, key, value)
}

// appendStrings appends an attribute with several texts, if there are any.
func appendStrings(dst []byte, field protowire.Number, key string, values []string) []byte {
	if len(values) == 0 {
		return dst
	}
	dst, kv := protowire.Begin(dst, field)
	dst = protowire.AppendBytes(dst, keyValueKey, key)
	dst, v := protowire.Begin(dst, keyValueValue)
	dst, all := protowire.Begin(dst, anyArray)
	for _, value := range values {
		var one int
		dst, one = protowire.Begin(dst, arrayValues)
		dst = protowire.AppendBytes(dst, anyString, strings.ToValidUTF8(value, "\uFFFD"))
		dst = protowire.End(dst, one)
	}
	return protowire.End(protowire.End(protowire.End(dst, all), v), kv)
}
