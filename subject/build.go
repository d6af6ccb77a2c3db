package subject

import (
	"bytes"
	"strings"

	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/jsontext"
	"github.com/socktrace/socktrace/wire"
)

// stepFailed notes why a step of a build by BuildKit has failed, which is told in the
// stream of its progress: that itself ends well. Of several the first counts; those that
// were only ended with it do not.
func stepFailed(m *wire.Message, x *wire.Exchange) {
	if m.Dir != wire.ToClient || x.Request == nil || x.Outcome.Error != "" || !bytes.Contains(m.Data, []byte(`"error"`)) || !dockerapi.TellsSteps(x.Request.Target) {
		return
	}
	for step := range jsontext.Elements(member(m.Data, "vertexes")) {
		called, why := text(member(step, "name")), text(member(step, "error"))
		switch {
		case why == "" || strings.Contains(why, "context canceled"):
		case called == "":
			x.Outcome.Error = why
			return
		default:
			x.Outcome.Error = clip(called + ": " + why)
			return
		}
	}
}
