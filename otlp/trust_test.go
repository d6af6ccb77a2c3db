package otlp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/socktrace/socktrace/internal/testca"
)

func forClients(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }

// TestTrust: certificates are checked and shown as the variables say, and why not is told with
// what may be done.
func TestTrust(t *testing.T) {
	const v = "OTEL_EXPORTER_OTLP_"
	ca, other := testca.New(t, "ca"), testca.New(t, "other")
	dir, elsewhere := ca.Write("client", forClients), other.Write("client", forClients)
	trusts := v + "CERTIFICATE=" + dir + "/ca.pem"
	shows := func(dir string) []string {
		return []string{trusts, v + "CLIENT_CERTIFICATE=" + dir + "/cert.pem", v + "CLIENT_KEY=" + dir + "/key.pem"}
	}
	for name, tt := range map[string]struct {
		set  func(*x509.Certificate) // of the collector's certificate
		asks tls.ClientAuthType
		env  []string
		says string // empty: it is taken
	}{
		"trusted":           {testca.Local, 0, []string{trusts}, ""},
		"of the signal":     {testca.Local, 0, []string{v + "CERTIFICATE=" + elsewhere + "/ca.pem", v + "TRACES_CERTIFICATE=" + dir + "/ca.pem"}, ""},
		"by the system":     {testca.Local, 0, nil, "its certificate is signed by CN=ca, which is not trusted (OTEL_EXPORTER_OTLP_CERTIFICATE names a file with the CA to trust)"},
		"another CA":        {testca.Local, 0, []string{v + "CERTIFICATE=" + elsewhere + "/ca.pem"}, "its certificate is signed by CN=ca, which is not trusted"},
		"another name":      {func(c *x509.Certificate) { c.DNSNames = []string{"db"} }, 0, []string{trusts}, "its certificate is not trusted: x509: cannot validate certificate for 127.0.0.1"},
		"expired":           {func(c *x509.Certificate) { testca.Local(c); testca.Expired(c) }, 0, []string{trusts}, "its certificate is not trusted: x509: certificate has expired"},
		"shown":             {testca.Local, tls.RequireAndVerifyClientCert, shows(dir), ""},
		"not needed":        {testca.Local, tls.RequestClientCert, []string{trusts}, ""},
		"none to show":      {testca.Local, tls.RequireAndVerifyClientCert, []string{trusts}, "it wants a client certificate, and none was given (OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and _CLIENT_KEY name one)"},
		"not one of its CA": {testca.Local, tls.RequireAndVerifyClientCert, shows(elsewhere), "it wants a client certificate of another CA"},
	} {
		t.Run(name, func(t *testing.T) {
			s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
			s.TLS = &tls.Config{Certificates: []tls.Certificate{ca.Issue("collector", tt.set)}, ClientAuth: tt.asks, ClientCAs: ca.Pool}
			s.Config.ErrorLog = log.New(io.Discard, "", 0)
			s.StartTLS()
			defer s.Close()
			all, err := Endpoints(s.URL, env(tt.env...))
			if err != nil {
				t.Fatal(err)
			}
			p := newPoster(all[Traces], "", new(ownPorts))
			defer p.close()
			a := p.post(context.Background(), nil, time.Now)
			equal(t, "taken", a.verdict == taken, tt.says == "")
			if tt.says != "" && (a.err == nil || !strings.Contains(a.err.Error(), tt.says)) {
				t.Errorf("told %v", a.err)
			}
		})
	}
}
