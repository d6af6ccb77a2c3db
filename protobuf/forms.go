package protobuf

// form is how JSON has a well-known type (ProtoJSON Format, "Representation of each
// type").
type form uint8

const (
	formObject form = iota
	formAny
	formTimestamp
	formDuration
	formFieldMask
	formWrapper
	formStruct
	formValue
	formList
)

var forms = map[string]form{
	"google.protobuf.Any":         formAny,
	"google.protobuf.Timestamp":   formTimestamp,
	"google.protobuf.Duration":    formDuration,
	"google.protobuf.FieldMask":   formFieldMask,
	"google.protobuf.Struct":      formStruct,
	"google.protobuf.Value":       formValue,
	"google.protobuf.ListValue":   formList,
	"google.protobuf.DoubleValue": formWrapper,
	"google.protobuf.FloatValue":  formWrapper,
	"google.protobuf.Int64Value":  formWrapper,
	"google.protobuf.UInt64Value": formWrapper,
	"google.protobuf.Int32Value":  formWrapper,
	"google.protobuf.UInt32Value": formWrapper,
	"google.protobuf.BoolValue":   formWrapper,
	"google.protobuf.StringValue": formWrapper,
	"google.protobuf.BytesValue":  formWrapper,
}
