package otlp

import (
	"strconv"
	"strings"

	"github.com/socktrace/socktrace/internal/protowire"
	"github.com/socktrace/socktrace/wire"
)

// appendSpan appends the message Span of an exchange; a is what its request asks, if there was one.
func appendSpan(dst []byte, sp *span, c *conn, x *wire.Exchange, a ask) []byte {
	g, isGRPC := x.GRPC()
	dst = appendContext(dst, &sp.spanContext, sp.parent, sp.remote)
	dst = protowire.AppendBytes(dst, spanName, spanNameOf(a, &g, isGRPC))
	dst = protowire.AppendVarint(dst, spanKind, uint64(sp.kind()))
	dst = protowire.AppendFixed64(dst, spanStart, nanos(x.Start))
	dst = protowire.AppendFixed64(dst, spanEnd, max(nanos(x.End), nanos(x.Start)))
	if x.Request != nil {
		dst = appendTarget(dst, x.Request.Target)
	}
	dst = append(dst, a.attributes...)
	dst = append(dst, c.ends...)
	if sp.kind() == kindClient {
		dst = append(dst, c.peer...)
	}
	if isGRPC {
		dst = appendCall(dst, &g)
	}
	dst = appendAnswer(dst, x)
	dst = appendAbout(dst, x)
	dst = append(dst, sp.stream.events...)
	if sp.stream.dropped > 0 {
		dst = protowire.AppendVarint(dst, spanDropped, uint64(sp.stream.dropped))
	}
	if sp.link.valid() {
		dst = appendLink(dst, &sp.link, sp.named)
	}
	if kind := errorType(x, &g); kind != "" {
		dst = appendString(dst, spanAttributes, "error.type", kind)
		dst = appendFailure(dst, sp, x, &g)
	}
	return dst
}

// appendContext appends which span it is, and what it is a child of.
func appendContext(dst []byte, c *spanContext, parent [8]byte, remote bool) []byte {
	dst = protowire.AppendBytes(dst, spanTraceID, c.trace[:])
	dst = protowire.AppendBytes(dst, spanSpanID, c.span[:])
	if c.state != "" {
		dst = protowire.AppendBytes(dst, spanTraceState, c.state)
	}
	if parent != [8]byte{} {
		dst = protowire.AppendBytes(dst, spanParent, parent[:])
	}
	flags := uint32(c.flags) | flagKnown
	if remote {
		flags |= flagRemote
	}
	return protowire.AppendFixed32(dst, spanFlags, flags)
}

// appendLink appends another span that could have been the parent; remote: the client has
// named it.
func appendLink(dst []byte, c *spanContext, remote bool) []byte {
	flags := uint32(c.flags) | flagKnown
	if remote {
		flags |= flagRemote
	}
	dst, at := protowire.Begin(dst, spanLinks)
	dst = protowire.AppendBytes(dst, linkTraceID, c.trace[:])
	dst = protowire.AppendBytes(dst, linkSpanID, c.span[:])
	if c.state != "" {
		dst = protowire.AppendBytes(dst, linkTraceState, c.state)
	}
	dst = protowire.AppendFixed32(dst, linkFlags, flags)
	return protowire.End(dst, at)
}

// spanNameOf returns the name of a span; a is what its request asks, if there was one.
func spanNameOf(a ask, g *wire.GRPC, isGRPC bool) string {
	switch {
	case isGRPC && g.Method != "":
		return strings.ToValidUTF8(g.Method, "\uFFFD")
	case a.name == "":
		return "HTTP" // as the conventions say for methods that are not known
	}
	return a.name
}

// appendTarget appends what the request is for, word by word.
func appendTarget(dst []byte, target string) []byte {
	path, query, _ := strings.Cut(target, "?")
	dst = appendText(dst, spanAttributes, "url.path", path)
	return appendText(dst, spanAttributes, "url.query", query)
}

// appendCall appends what a call of gRPC is.
func appendCall(dst []byte, g *wire.GRPC) []byte {
	dst = appendString(dst, spanAttributes, "rpc.system.name", "grpc")
	dst = appendText(dst, spanAttributes, "rpc.method", g.Method)
	return appendText(dst, spanAttributes, "rpc.status_code", statusName(g.Status))
}

// statusName returns the name of a status of gRPC as the conventions spell it: "NOT_FOUND"
// of "NotFound". What is none stays.
func statusName(s string) string {
	if s == "" || s == "OK" || s[0] < 'A' || s[0] > 'Z' {
		return s
	}
	if s == "Canceled" {
		return "CANCELLED"
	}
	b := make([]byte, 0, len(s)+2)
	for i := range len(s) {
		if 'A' <= s[i] && s[i] <= 'Z' && i > 0 {
			b = append(b, '_')
		}
		b = append(b, s[i])
	}
	return strings.ToUpper(string(b))
}

// appendAnswer appends what became of the request.
func appendAnswer(dst []byte, x *wire.Exchange) []byte {
	if p := x.Response; p != nil {
		dst = appendInt(dst, spanAttributes, "http.response.status_code", int64(p.Status))
	}
	if b := x.RequestBody; b != nil {
		dst = appendInt(dst, spanAttributes, "http.request.body.size", b.WireBytes)
	}
	if b := x.ResponseBody; b != nil {
		dst = appendInt(dst, spanAttributes, "http.response.body.size", b.WireBytes)
	}
	if x.State != wire.StateDone {
		dst = appendString(dst, spanAttributes, "socktrace.state", stateOf(x.State.String(), x.Outcome.Left))
	}
	if u := x.Upgrade; u != nil {
		dst = appendText(dst, spanAttributes, "socktrace.upgrade", u.Protocol)
	}
	if x.Outcome.Exit != nil {
		dst = appendInt(dst, spanAttributes, "socktrace.exit_code", *x.Outcome.Exit)
	}
	if x.Outcome.Left {
		dst = appendTrue(dst, spanAttributes, "socktrace.client_left")
	}
	for _, a := range x.Anomalies[:min(len(x.Anomalies), maxAnomalies)] {
		dst = appendAnomaly(dst, a)
	}
	return dst
}

// maxAnomalies is how many anomalies a span tells, as events.
const maxAnomalies = 8

func appendAnomaly(dst []byte, a *wire.Anomaly) []byte {
	dst, ev := protowire.Begin(dst, spanEvents)
	dst = protowire.AppendFixed64(dst, eventTime, nanos(a.End))
	dst = protowire.AppendBytes(dst, eventName, "anomaly")
	dst = appendString(dst, eventAttributes, "socktrace.anomaly.code", a.Code)
	return protowire.End(dst, ev)
}

// appendAbout appends what the exchange is about.
func appendAbout(dst []byte, x *wire.Exchange) []byte {
	about := &x.Subject
	dst = appendSubject(dst, spanAttributes, about.Type, about.ID, about.Name, about.Container)
	for i := range x.Details {
		dst = appendText(dst, spanAttributes, "socktrace.detail."+x.Details[i].Name, x.Details[i].Value)
	}
	return dst
}

// errorType returns what went wrong, in one of few words; empty if nothing has.
func errorType(x *wire.Exchange, g *wire.GRPC) string {
	switch {
	case x.Response != nil && x.Response.Status >= 400:
		return strconv.Itoa(x.Response.Status)
	case g.Status != "" && g.Status != "OK":
		return statusName(g.Status)
	case !x.Failed():
		return ""
	case x.Outcome.Error != "":
		return "_OTHER"
	case x.Reset != nil:
		return "reset"
	case x.State == wire.StateAborted:
		return "aborted"
	}
	return "no_response"
}

// appendFailure appends the status of a span that has failed, with what the daemon says.
func appendFailure(dst []byte, sp *span, x *wire.Exchange, g *wire.GRPC) []byte {
	says := x.Outcome.Error
	if says == "" {
		says = g.Message
	}
	if sp.kind() == kindServer && blamesClient(x, g) {
		return appendText(dst, spanAttributes, "socktrace.error", says)
	}
	dst, at := protowire.Begin(dst, spanStatus)
	if says != "" {
		dst = protowire.AppendBytes(dst, statusMessage, strings.ToValidUTF8(says, "\uFFFD"))
	}
	dst = protowire.AppendVarint(dst, statusCode, statusError)
	return protowire.End(dst, at)
}

// blamesClient reports whether an answer says that the client is at fault: for a server that
// is no failure (semantic conventions 1.44: HTTP spans, Status; gRPC).
func blamesClient(x *wire.Exchange, g *wire.GRPC) bool {
	if x.Response == nil || x.State != wire.StateDone || x.Reset != nil {
		return false
	}
	switch g.Status {
	case "", "OK":
		return x.Response.Status >= 400 && x.Response.Status < 500
	case "Unknown", "DeadlineExceeded", "Unimplemented", "Internal", "Unavailable", "DataLoss":
		return false
	}
	return true
}

// hiddenName is what a span is called whose exchange was not told.
const hiddenName = "not shown"

// appendHidden appends the span of an exchange that carries others and was not told itself.
func appendHidden(dst []byte, sp *span, c *conn) []byte {
	dst = appendContext(dst, &sp.spanContext, sp.parent, sp.remote)
	dst = protowire.AppendBytes(dst, spanName, hiddenName)
	dst = protowire.AppendVarint(dst, spanKind, kindInternal)
	dst = protowire.AppendFixed64(dst, spanStart, nanos(sp.begun))
	dst = protowire.AppendFixed64(dst, spanEnd, max(nanos(sp.last), nanos(sp.begun)))
	dst = append(dst, c.ends...)
	return appendString(dst, spanAttributes, "socktrace.state", "hidden")
}

// appendRoot appends the span of a command, of which its exchanges are children.
func appendRoot(dst []byte, cmd *command) []byte {
	dst = appendContext(dst, &cmd.root, [8]byte{}, false)
	dst = protowire.AppendBytes(dst, spanName, strings.ToValidUTF8(cmd.name(), "\uFFFD"))
	dst = protowire.AppendVarint(dst, spanKind, kindInternal)
	dst = protowire.AppendFixed64(dst, spanStart, nanos(cmd.begun))
	dst = protowire.AppendFixed64(dst, spanEnd, max(nanos(cmd.last), nanos(cmd.begun)))
	if cmd.client != nil {
		dst = appendProcess(dst, spanAttributes, cmd.client.Client)
	}
	dst = appendText(dst, spanAttributes, "user_agent.original", cmd.agent)
	return appendInt(dst, spanAttributes, "socktrace.exchanges", int64(cmd.spans))
}

// appendExit appends with which exit status a command has ended (semantic conventions: CLI
// spans).
func appendExit(dst []byte, code int) []byte {
	dst = appendInt(dst, spanAttributes, "process.exit.code", int64(code))
	if code == 0 {
		return dst
	}
	dst = appendString(dst, spanAttributes, "error.type", strconv.Itoa(code))
	dst, at := protowire.Begin(dst, spanStatus)
	dst = protowire.AppendVarint(dst, statusCode, statusError)
	return protowire.End(dst, at)
}
