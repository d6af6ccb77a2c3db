package head

import (
	"github.com/socktrace/socktrace/internal/rpcstatus"
	"github.com/socktrace/socktrace/redact/internal/jsonmask"
	"github.com/socktrace/socktrace/redact/internal/text"
)

// status returns the whole status of a call of gRPC as JSON, with the secrets masked that
// messages would not show either: nothing of them is left in an encoding. What cannot be
// understood is masked whole.
func status(r *text.Rules, value string) (string, bool) {
	doc, ok := rpcstatus.JSON(value)
	if !ok {
		return r.Marks.Of(value), true
	}
	masked, _, ok := jsonmask.MaskValid(r, doc, "", jsonmask.Where{Unknown: true, Texts: true})
	if !ok {
		return r.Marks.Of(value), true
	}
	return string(masked), string(masked) != value
}
