package redact

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/redact/internal/masktest"
	"github.com/socktrace/socktrace/wire"
)

// jsonTests are JSON texts, what is left of them, and the names of what is
// masked. "§" stands for a secret, "$" for a placeholder.
var jsonTests = []struct {
	target, in, want, names string
}{
	// By key.
	{"/x", `{"Password":"§","a":[{"passwd":"§"}],"PASSWORD":5}`, `{"Password":"$","a":[{"passwd":"$"}],"PASSWORD":"$"}`, "Password passwd PASSWORD"},
	{"/x", `{"auths":{"r":{"auth":"§"}},"identitytoken":"§","RegistryToken":"§"}`, `{"auths":{"r":{"auth":"$"}},"identitytoken":"$","RegistryToken":"$"}`, "auth identitytoken RegistryToken"},
	{"/swarm", `{"ID":"x","JoinTokens":{"Worker":"§","Manager":"§"}}`, `{"ID":"x","JoinTokens":{"Worker":"$","Manager":"$"}}`, "JoinTokens.Worker JoinTokens.Manager"},
	{"/swarm/join", `{"ListenAddr":"0.0.0.0:2377","JoinToken":"§","RemoteAddrs":["a"]}`, `{"ListenAddr":"0.0.0.0:2377","JoinToken":"$","RemoteAddrs":["a"]}`, "JoinToken"},
	{"/swarm", `{"Spec":{"CAConfig":{"SigningCAKey":"§","SigningCACert":"c","ExternalCAs":[{"Options":{"auth-key":"§","x":"y"}}]}}}`, `{"Spec":{"CAConfig":{"SigningCAKey":"$","SigningCACert":"c","ExternalCAs":[{"Options":{"auth-key":"$","x":"y"}}]}}}`, "SigningCAKey Options.auth-key"},
	{"/swarm/unlock", `{"UnlockKey":"§"}`, `{"UnlockKey":"$"}`, "UnlockKey"},
	{"/x", `{"access_token":"§","refreshToken":"§","id-token":"§","client_secret":"§","private_key":"§","apiKey":"§","token":"§","secret":"§"}`, `{"access_token":"$","refreshToken":"$","id-token":"$","client_secret":"$","private_key":"$","apiKey":"$","token":"$","secret":"$"}`, ""},
	{"/x", `{"password":["§",{"§":["§",1]}],"x":"y"}`, `{"password":["$",{"$":["$","$"]}],"x":"y"}`, "password"},
	{"/secrets/create", `{"Name":"s","Labels":{},"Data":"§"}`, `{"Name":"s","Labels":{},"Data":"$"}`, "Data"},
	{"/v1.50/configs/abc/update?version=3", `{"Data":"§"}`, `{"Data":"$"}`, "Data"},
	{"/configs", `[{"ID":"x","Spec":{"Name":"c","Data":"§"}}]`, `[{"ID":"x","Spec":{"Name":"c","Data":"$"}}]`, "Data"},

	// Not secret.
	{"/x", `{"Data":"x","data":"y","auth":null,"password":"","token":5,"secret":true,"Secrets":[{"SecretID":"x","SecretName":"y","File":{"Name":"f"}}],"Author":"a","Key":"k","tokens":"7","code":"UNAUTHORIZED","max_tokens":"4096"}`, "", ""},
	{"/containers/json", `[{"Labels":{"org.opencontainers.image.authors":"me","com.docker.compose.config-hash":"ab"},"Ports":[{"PrivatePort":80}],"Command":"sh -c 'cat; echo PATH=$PATH a=b'","Status":"Up 3 hours"}]`, "", ""},
	{"/x", `{"Config":{"Hostname":"h","Env":["PATH=/bin","PWD=/","AUTHOR=me","a","TOKEN="],"Cmd":["--author=me","-p","80:80","--no-password","x","--password-stdin","y"]}}`, "", ""},
	{"/x", `{"MaskedPaths":["/proc/keys"],"Url":"http://h:80/x?y=z","message":"pull access denied, repository does not exist or may require 'docker login': denied: requested access to the resource is denied"}`, "", ""},
	{"/x", `{"Cmd":["sh","-c","TOKEN=$TOKEN KEY=${KEY} PASS=$(cat p) [ \"$KEY\" == x ]"]}`, "", ""},
	{"/x", `{"message":"invalid reference: key: value, auth: no, token: missing"}`, "", ""},

	// Variables, labels, options.
	{"/containers/create", `{"Env":["DB_PASSWORD=§","PATH=/bin","api_key=§=§","DATABASE_DSN=§","X_CONN_STR=§"]}`, `{"Env":["DB_PASSWORD=$","PATH=/bin","api_key=$","DATABASE_DSN=$","X_CONN_STR=$"]}`, "Env.DB_PASSWORD Env.api_key Env.DATABASE_DSN Env.X_CONN_STR"},
	{"/x", `{"env":["A\u003d§","T\u004fKEN\u003d§\"\\§","\u0054OKEN=§"]}`, `{"env":["A\u003d§","T\u004fKEN\u003d$","\u0054OKEN=$"]}`, ""},
	{"/plugins/a/b/set", `["DEBUG=1","SECRET=§"]`, `["DEBUG=1","SECRET=$"]`, "SECRET"},
	{"/plugins", `[{"Config":{"Env":[{"Description":"","Name":"API_TOKEN","Settable":["value"],"Value":"§"},{"Name":"X","Value":"y"}]},"Settings":{"Env":["API_TOKEN=§"]}}]`, `[{"Config":{"Env":[{"Description":"","Name":"API_TOKEN","Settable":["value"],"Value":"$"},{"Name":"X","Value":"y"}]},"Settings":{"Env":["API_TOKEN=$"]}}]`, "Env.Value Env.API_TOKEN"},
	{"/containers/create", `{"Labels":{"my.token":"§","x":"y"},"HostConfig":{"LogConfig":{"Type":"splunk","Config":{"splunk-token":"§","splunk-url":"https://h"}}}}`, `{"Labels":{"my.token":"$","x":"y"},"HostConfig":{"LogConfig":{"Type":"splunk","Config":{"splunk-token":"$","splunk-url":"https://h"}}}}`, "Labels.my.token Config.splunk-token"},
	{"/volumes/create", `{"DriverOpts":{"type":"cifs","o":"addr=h,username=u,password=§,ro","device":"//h/x"}}`, `{"DriverOpts":{"type":"cifs","o":"addr=h,username=u,password=$,ro","device":"//h/x"}}`, "DriverOpts.o.password"},
	{"/info", `{"Labels":["a=b","auth.token=§"]}`, `{"Labels":["a=b","auth.token=$"]}`, "Labels.auth.token"},
	{"/services/create", `{"TaskTemplate":{"ContainerSpec":{"Env":["A_SECRET=§"],"Annotations":{"k.key":"§"},"Secrets":[{"SecretID":"s"}]}}}`, `{"TaskTemplate":{"ContainerSpec":{"Env":["A_SECRET=$"],"Annotations":{"k.key":"$"},"Secrets":[{"SecretID":"s"}]}}}`, ""},

	// Command lines.
	{"/x", `{"Cmd":["mysql","--password=§","--token","§","-h","h"],"Entrypoint":["a","-api-key","§"],"Args":["TOKEN=§"]}`, `{"Cmd":["mysql","--password=$","--token","$","-h","h"],"Entrypoint":["a","-api-key","$"],"Args":["TOKEN=$"]}`, "Cmd.password Cmd Entrypoint Args.TOKEN"},
	{"/x", `{"Cmd":["sh","-c","export API_TOKEN=§; x --secret § -v && PW_KEY='§ §' y \"DB_PASS=§\" A=b"]}`, `{"Cmd":["sh","-c","export API_TOKEN=$; x --secret $ -v && PW_KEY='$' y \"DB_PASS=$\" A=b"]}`, ""},
	{"/x", `{"Cmd":["TOKEN=§ §","sh","-ec","TOKEN=§ x","PASS=§ §"],"Test":["CMD-SHELL","KEY=§ x"],"OnBuild":["ENV KEY=§ A=b"]}`, `{"Cmd":["TOKEN=$","sh","-ec","TOKEN=$ x","PASS=$"],"Test":["CMD-SHELL","KEY=$ x"],"OnBuild":["ENV KEY=$ A=b"]}`, ""},
	{"/x", `{"Healthcheck":{"Test":["CMD-SHELL","curl -H 'X-Vault-Token: §' -H \"Authorization: Basic QUJDOkRFRg==\" http://h"]}}`, `{"Healthcheck":{"Test":["CMD-SHELL","curl -H 'X-Vault-Token: $' -H \"Authorization: $\" http://h"]}}`, ""},
	{"/x", `{"Cmd":["curl","-d","{\"password\":\"§\", \"user\":\"u\"}","https://u:§@h/?access_token=§&x=1"]}`, `{"Cmd":["curl","-d","{\"password\":\"$\", \"user\":\"u\"}","https://u:$@h/?access_token=$&x=1"]}`, ""},
	{"/x", `{"Command":"sh -c \"export API_TOKEN=§; sleep 1\"","CreatedBy":"/bin/sh -c #(nop)  ENV DB_PASSWORD=§"}`, `{"Command":"sh -c \"export API_TOKEN=$; sleep 1\"","CreatedBy":"/bin/sh -c #(nop)  ENV DB_PASSWORD=$"}`, "Command.API_TOKEN CreatedBy.DB_PASSWORD"},
	{"/build", `{"stream":"Step 2/3 : ENV API_TOKEN §\n"}`, `{"stream":"Step 2/3 : ENV API_TOKEN $\n"}`, "stream.API_TOKEN"},
	{"/events", `{"status":"exec_create: sh -c export TOKEN=§","Action":"exec_create: sh -c TOKEN=§ x","Actor":{"ID":"i","Attributes":{"my.secret":"§","image":"b"}}}`, `{"status":"exec_create: sh -c export TOKEN=$","Action":"exec_create: sh -c TOKEN=$ x","Actor":{"ID":"i","Attributes":{"my.secret":"$","image":"b"}}}`, ""},
	{"/containers/x/top", `{"Titles":["PID","CMD"],"Processes":[["1","x --token=§"],["2","TOKEN=§ x"]]}`, `{"Titles":["PID","CMD"],"Processes":[["1","x --token=$"],["2","TOKEN=$ x"]]}`, "Processes.token Processes.TOKEN"},

	// By how they look, anywhere.
	{"/x", `{"a":"postgres://u:§@h/db","b":["x ghp_QQQQQQQQQQQQ y"],"ghp_QQQQQQQQQQQQ":1}`, `{"a":"postgres://u:$@h/db","b":["x ghp_$ y"],"ghp_$":1}`, "a b request.body"},
	{"/x", `{"a":"https:\/\/u:§\u0041@h\/","b":"-----BEGIN PRIVATE KEY-----\n§\n§\n-----END PRIVATE KEY-----\n"}`, `{"a":"https:\/\/u:$@h\/","b":"-----BEGIN PRIVATE KEY-----$-----END PRIVATE KEY-----\n"}`, ""},
	{"/x", `{"Env":["A=SWMTKN-1-QQ","URL=https://u:§@h"]}`, `{"Env":["A=SWMTKN-1-$","URL=https://u:$@h"]}`, "Env"},

	// Streams, and what is no JSON.
	{"/x", "{\"password\":\"§\"}\r\n\x1e{\"a\":\"ghp_QQQQQQQQQQQQ\"}\n", "{\"password\":\"$\"}\r\n\x1e{\"a\":\"ghp_$\"}\n", ""},
	{"/x", `{"a":bad,"password":"§","x":"y"}`, `{"a":bad,"password":"$","x":"y"}`, ""},
	{"/x", `{"password" "§"}`, `{"password" $`, ""},
	{"/x", `{"a":1} and ghp_QQQQQQQQQQQQ https://u:§@h`, `{"a":1} and ghp_$ https://u:$@h`, ""},

	// Calls of authorization plugins.
	{"/AuthZPlugin.AuthZReq", `{"User":"u","RequestHeaders":{"X-Registry-Auth":"§","X-My-Token":"§","Host":"h"},"RequestURI":"/build?remote=https://u:§@h","RequestBody":"§"}`, `{"User":"u","RequestHeaders":{"X-Registry-Auth":"$","X-My-Token":"$","Host":"h"},"RequestURI":"/build?remote=https://u:%24@h","RequestBody":"$"}`, ""},
}

// shown is s with its placeholders as "$", percent-encoded or not.
func shown(s string) string {
	return masktest.Encoded.ReplaceAllString(masktest.Placeholder.ReplaceAllString(s, "$$"), "%24")
}

func TestJSONValues(t *testing.T) {
	for _, tt := range jsonTests {
		in := strings.ReplaceAll(tt.in, "§", secret)
		c := newConv()
		c.request(1, tt.target)
		m := c.message(1, wire.ToServer, wire.KindJSON, in)
		want := strings.ReplaceAll(tt.want, "§", secret)
		if want == "" {
			want = in
		}
		if got := shown(string(m.Data)); got != want {
			t.Errorf("%s\n got %s\nwant %s", in, got, want)
			continue
		}
		if json.Valid([]byte(in)) && !json.Valid(m.Data) {
			t.Errorf("not JSON: %s", m.Data)
		}
		if tt.names != "" {
			var names []string
			for _, n := range m.Masked {
				names = append(names, strings.TrimPrefix(n, "request.body."))
			}
			if want := strings.Fields(tt.names); !slices.Equal(names, want) {
				t.Errorf("%s\nmasked %q, want %q", in, names, want)
			}
		}
		c.request(2, "/x")
		again := c.message(2, wire.ToServer, wire.KindJSON, string(m.Data))
		if tt.target == "/x" && string(again.Data) != string(m.Data) {
			t.Errorf("%s\nbecame %s", m.Data, again.Data)
		}
	}
}

// TestQuotedBody: what an authorization plugin is asked about is masked in
// base64.
func TestQuotedBody(t *testing.T) {
	body := base64.StdEncoding.EncodeToString([]byte(`{"Env":["TOKEN=` + secret + `"],"Image":"i"}`))
	c := newConv()
	c.request(1, "/AuthZPlugin.AuthZReq")
	m := c.message(1, wire.ToServer, wire.KindJSON, `{"RequestBody":"`+body+`"}`)
	var v struct{ RequestBody []byte }
	if err := json.Unmarshal(m.Data, &v); err != nil || masktest.Bare(string(v.RequestBody)) != `{"Env":["TOKEN=*"],"Image":"i"}` {
		t.Errorf("got %s: %s", m.Data, v.RequestBody)
	}
	if !slices.Equal(m.Masked, []string{"request.body.RequestBody.Env.TOKEN"}) {
		t.Errorf("masked %q", m.Masked)
	}
	again := c.message(2, wire.ToServer, wire.KindJSON, string(m.Data))
	if string(again.Data) != string(m.Data) {
		t.Errorf("became %s", again.Data)
	}
}
