package protobuf

// content is what the bytes of a field are.
type content uint8

const (
	contentUnknown content = iota // JSON, if they look like it; else nothing is known
	contentSecret                 // nothing that should be looked into
	contentText                   // text, if they look like it
	contentHex                    // a short number that everybody writes in hexadecimal digits
	contentOp                     // an operation of a build graph, which is named by its digest
	contentFile                   // a piece of a file: text is shown if it is short, or wanted
)

// opType is the type of what contentOp is.
const opType = "pb.Op"

// overrides are the fields whose bytes are more than their descriptors say, by name.
var overrides = map[string]content{
	"pb.Definition.def":                                contentOp,
	"pb.FileActionMkFile.data":                         contentText,
	"pb.SourceInfo.data":                               contentText,
	"fsutil.types.Packet.data":                         contentFile,
	"moby.buildkit.v1.VertexLog.msg":                   contentText,
	"moby.buildkit.v1.VertexWarning.short":             contentText,
	"moby.buildkit.v1.VertexWarning.detail":            contentText,
	"moby.buildkit.v1.frontend.WarnRequest.short":      contentText,
	"moby.buildkit.v1.frontend.WarnRequest.detail":     contentText,
	"moby.buildkit.v1.frontend.ReadFileResponse.Data":  contentText,
	"moby.buildkit.v1.frontend.FdMessage.Data":         contentText,
	"moby.buildkit.secrets.v1.GetSecretResponse.data":  contentSecret,
	"moby.sshforward.v1.BytesMessage.data":             contentSecret,
	"runtime.v1.ExecSyncResponse.stdout":               contentText,
	"runtime.v1.ExecSyncResponse.stderr":               contentText,
	"opentelemetry.proto.trace.v1.Span.trace_id":       contentHex,
	"opentelemetry.proto.trace.v1.Span.span_id":        contentHex,
	"opentelemetry.proto.trace.v1.Span.parent_span_id": contentHex,
	"opentelemetry.proto.trace.v1.Span.Link.trace_id":  contentHex,
	"opentelemetry.proto.trace.v1.Span.Link.span_id":   contentHex,
	"opentelemetry.proto.logs.v1.LogRecord.trace_id":   contentHex,
	"opentelemetry.proto.logs.v1.LogRecord.span_id":    contentHex,
	"opentelemetry.proto.metrics.v1.Exemplar.trace_id": contentHex,
	"opentelemetry.proto.metrics.v1.Exemplar.span_id":  contentHex,
}

// documents are the Anys whose value is a document with a member that is text in
// base64, by the end of their URLs (moby/buildkit, util/grpcerrors).
var documents = map[string]string{"errdefs.Source+json": "data"}

// others are the methods that carry messages of another type than the one that they
// declare, by name: BuildKit sends files where it says bytes.
var others = map[string]string{
	"moby.filesync.v1.FileSend/DiffCopy": "fsutil.types.Packet",
}
