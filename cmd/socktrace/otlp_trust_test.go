//go:build unix

package main

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/socktrace/socktrace/internal/testca"
)

// TestCollectorTLS: a real collector with TLS that wants client certificates gets all with the
// right files, and nothing with others: then it is said why, and what can be done.
func TestCollectorTLS(t *testing.T) {
	ca, other := testca.New(t, "ca"), testca.New(t, "other")
	dir, foreign := ca.Write("collector", testca.Local), other.Write("client", nil)
	pair, err := tls.LoadX509KeyPair(dir+"/cert.pem", dir+"/key.pem")
	if err != nil {
		t.Fatal(err)
	}
	web := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: ca.Pool, Certificates: []tls.Certificate{pair}}}}
	more := fmt.Sprintf(", tls: {cert_file: %[1]s/cert.pem, key_file: %[1]s/key.pem, client_ca_file: %[1]s/ca.pem}", dir)
	c := startCollectorWith(t, "https", more, web)
	t.Run("programs", func(t *testing.T) { checkTrust(t, c.url, dir, foreign) }) // until all have ended
	spans := c.spans(t)
	if len(spans) < 10 {
		t.Errorf("%d spans", len(spans))
	}
	for id, n := range spanIDs(spans) {
		if n > 1 {
			t.Errorf("span %s came %d times", id, n)
		}
	}
}

// checkTrust exports to a collector with the files in two folders, and with those of a CA that
// is none of its.
func checkTrust(t *testing.T, to, dir, foreign string) {
	const v = "OTEL_EXPORTER_OTLP_"
	for _, tt := range []struct {
		name, says          string
		ca, cert, key, addr string
	}{
		{"another CA", "its certificate is signed by CN=ca, which is not trusted (OTEL_EXPORTER_OTLP_CERTIFICATE names a file with the CA to trust)", foreign, dir, dir, to},
		{"none shown", "it wants a client certificate, and none was given (OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and _CLIENT_KEY name one)", dir, "", "", to},
		{"not one of its CA", "it wants a client certificate of another CA than that in OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", dir, foreign, foreign, to},
		{"without TLS", "Client sent an HTTP request to an HTTPS server", dir, dir, dir, strings.Replace(to, "https", "http", 1)},
		{"half of it", "go together", dir, dir, "", to},
		{"key of another", "OTEL_EXPORTER_OTLP_CLIENT_KEY: ", dir, dir, foreign, to},
		{"all", "", dir, dir, dir, to},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			env := []string{v + "CERTIFICATE=" + tt.ca + "/ca.pem"}
			if tt.cert != "" {
				env = append(env, v+"CLIENT_CERTIFICATE="+tt.cert+"/cert.pem")
			}
			if tt.key != "" {
				env = append(env, v+"CLIENT_KEY="+tt.key+"/key.pem")
			}
			got := socktrace(t, environ(env...), "demo", "-q", "--otlp", tt.addr).end()
			if tt.says == "" {
				check(t, "status", got.status, "exit status 0")
				if !strings.Contains(got.err, " spans sent\n") || strings.Contains(got.err, "not sent") {
					t.Errorf("told %q", got.err)
				}
				return
			}
			if !strings.Contains(got.err, tt.says) {
				t.Errorf("told %q", got.err)
			}
		})
	}
}

// spanIDs counts the spans with each id.
func spanIDs(spans []otlpSpan) map[string]int {
	n := make(map[string]int)
	for _, s := range spans {
		n[s.TraceID+s.SpanID]++
	}
	return n
}
