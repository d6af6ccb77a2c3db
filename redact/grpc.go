package redact

import (
	"github.com/socktrace/socktrace/dockerapi"
	"github.com/socktrace/socktrace/internal/scan"
	"github.com/socktrace/socktrace/wire"
)

// sealedMembers are the members of gRPC's messages that nobody must see, whatever
// they hold, by the message's type: secrets and credentials that BuildKit fetches
// from its client, what a ssh agent is asked, the content of files, and what a
// connection inside carries. Other secrets are known by their names, as in all JSON.
var sealedMembers = map[string][]string{
	"moby.buildkit.secrets.v1.GetSecretResponse":    {"data"},
	"moby.filesync.v1.CredentialsResponse":          {"Secret"},
	"moby.filesync.v1.FetchTokenResponse":           {"Token"},
	"moby.filesync.v1.VerifyTokenAuthorityResponse": {"signed"},
	"moby.sshforward.v1.BytesMessage":               {"data"},
	"moby.upload.v1.BytesMessage":                   {"data"},
	"moby.filesync.v1.BytesMessage":                 {"data"},
	"moby.buildkit.v1.BytesMessage":                 {"data"},
	packetType:                                      {"data"},
}

// packetType is what BuildKit transfers files by.
const packetType = "fsutil.types.Packet"

// isCall reports whether m is a message of gRPC whose type says what is secret in it,
// so that it is shown where nothing else is: in BuildKit's sessions, and in what a
// command in a container passes on.
func isCall(m *wire.Message, c carrier) bool {
	return m.Kind == wire.KindGRPC && m.Type != "" && dockerapi.Traits(c)&(dockerapi.Login|dockerapi.Data) == 0
}

// trace is what the progress of a build by BuildKit is called in the stream of older
// clients, where it is in base64 (moby's api/types/versions of the build's output).
var trace = scan.NewPhrase(`"moby.buildkit.trace"`)

// wholeIn returns the members of m that nobody must see.
func wholeIn(m *wire.Message) []string {
	if m.Kind == wire.KindGRPC {
		return sealedMembers[m.Type]
	}
	return wholeOf(m.Data)
}

// wholeOf returns the members of a JSON text of Docker's that nobody must see.
func wholeOf(text []byte) []string {
	if trace.In(text) {
		return traceMembers
	}
	return nil
}

// traceMembers is what is told decoded, in the message behind it. It goes by tracedName,
// which is counted as no secret.
var traceMembers = []string{"aux"}

const tracedName = "response.body.aux"
