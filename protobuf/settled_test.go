package protobuf

import "testing"

// TestSettled: what other sets say of messages with secrets changes nothing, and what
// they say of others is heard.
func TestSettled(t *testing.T) {
	s, err := With(setOf(t, `name: "a.proto" package: "moby.filesync.v1" syntax: "proto3"
message_type { name: "CredentialsResponse" field { name: "note" number: 2 label: LABEL_OPTIONAL type: TYPE_STRING } }
message_type { name: "More" field { name: "note" number: 2 label: LABEL_OPTIONAL type: TYPE_STRING } }
service { name: "Auth"
  method { name: "Credentials" input_type: ".moby.filesync.v1.More" output_type: ".moby.filesync.v1.More" }
  method { name: "Other" input_type: ".moby.filesync.v1.More" output_type: ".moby.filesync.v1.More" } }`,
		`name: "b.proto" package: "moby.buildkit.v1" syntax: "proto3"
message_type { name: "BytesMessage" field { name: "note" number: 1 label: LABEL_OPTIONAL type: TYPE_BYTES } }
message_type { name: "SolveRequest" field { name: "note" number: 1 label: LABEL_OPTIONAL type: TYPE_STRING } }
service { name: "Control" method { name: "Session" input_type: ".moby.buildkit.v1.SolveRequest" output_type: ".moby.buildkit.v1.SolveRequest" } }`))
	if err != nil {
		t.Fatal(err)
	}
	show := func(typ *Type, msg string) string {
		b, _ := s.AppendJSON(nil, typ, []byte(msg), Limits{Size: 1 << 10})
		return string(b)
	}
	auth, _ := s.Method("/moby.filesync.v1.Auth/Credentials")
	session, _ := s.Method("/moby.buildkit.v1.Control/Session")
	for _, tt := range []struct {
		typ       *Type
		msg, want string
	}{
		{auth.Output, "\x12\x01x", `{"Secret":"x"}`},
		{s.Named("moby.filesync.v1.CredentialsResponse"), "\x12\x01x", `{"Secret":"x"}`},
		{session.Output, "\x0a\x01x", `{"data":"eA=="}`},
		{s.Named("moby.buildkit.v1.SolveRequest"), "\x0a\x01x", `{"note":"x"}`},
		{s.Named("moby.filesync.v1.More"), "\x12\x01x", `{"note":"x"}`},
	} {
		if got := show(tt.typ, tt.msg); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.typ.Name(), got, tt.want)
		}
	}
	if m, ok := s.Method("/moby.filesync.v1.Auth/Other"); !ok || m.Output.Name() != "moby.filesync.v1.More" {
		t.Errorf("%+v", m)
	}
}
