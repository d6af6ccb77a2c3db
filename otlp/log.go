package otlp

import (
	"unicode/utf8"

	"github.com/socktrace/socktrace/internal/protowire"
	"github.com/socktrace/socktrace/wire"
)

// maxBody is how much of a message a log record has, in bytes.
const maxBody = 64 << 10

// appendLog appends a log record of what is in a message of a span: text, or bytes if it is
// none.
func appendLog(dst []byte, sp *spanContext, m *wire.Message) []byte {
	data, cut := m.Data, m.Truncated
	isText := utf8.Valid(cutRune(data))
	if len(data) > maxBody {
		data, cut = data[:maxBody], true
	}
	if isText {
		data = cutRune(data)
	}
	at := nanos(m.End)
	dst = protowire.AppendFixed64(dst, logTime, at)
	dst = protowire.AppendFixed64(dst, logObserved, at)
	dst = protowire.AppendVarint(dst, logSeverity, severityInfo)
	dst = protowire.AppendBytes(dst, logEventName, "socktrace.message")
	dst, body := protowire.Begin(dst, logBody)
	if isText {
		dst = protowire.AppendBytes(dst, anyString, data)
	} else {
		dst = protowire.AppendBytes(dst, anyBytes, data)
	}
	dst = protowire.End(dst, body)
	dst = appendString(dst, logAttributes, "socktrace.message.kind", m.Kind.String())
	dst = appendString(dst, logAttributes, "socktrace.direction", m.Dir.String())
	dst = appendInt(dst, logAttributes, "socktrace.message.size", m.Size)
	dst = appendText(dst, logAttributes, "socktrace.message.type", m.Type)
	if cut {
		dst = appendTrue(dst, logAttributes, "socktrace.message.truncated")
	}
	return appendLogSpan(dst, sp)
}

// appendLogSpan appends which span a log record is about.
func appendLogSpan(dst []byte, c *spanContext) []byte {
	dst = protowire.AppendFixed32(dst, logFlags, uint32(c.flags))
	dst = protowire.AppendBytes(dst, logTraceID, c.trace[:])
	return protowire.AppendBytes(dst, logSpanID, c.span[:])
}

// cutRune returns data without a character that it ends within.
func cutRune(data []byte) []byte {
	for i := 1; i <= utf8.UTFMax && i <= len(data); i++ {
		at := len(data) - i
		if c := data[at]; utf8.RuneStart(c) {
			if !utf8.FullRune(data[at:]) {
				return data[:at]
			}
			break
		}
	}
	return data
}
