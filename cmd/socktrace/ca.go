package main

import (
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/socktrace/socktrace/internal/certificate"
	"github.com/socktrace/socktrace/localca"
)

func newCA(s std) *cobra.Command {
	pem := false
	cmd := &cobra.Command{
		Use:   "ca [flags]",
		Short: "Print the CA of listen --listen-tls auto, and how to trust it",
		Long: `Print where the certificate authority is that signs the certificates of
socktrace listen --listen-tls auto, and how clients trust it. It is made at first
use, in the user's configuration folder, and its key can be read by this user
alone: who has it can pretend to be any host to who trusts the CA. To be rid of it,
remove the folder.`,
		Example: `  socktrace ca
  socktrace ca --pem | sudo tee /usr/local/share/ca-certificates/socktrace.crt`,
		Args:              noArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(*cobra.Command, []string) error {
			dir, err := localca.Dir()
			if err != nil {
				return &failure{code: exitFailed, err: err}
			}
			ca, err := localca.Open(dir)
			if err != nil {
				return &failure{code: exitFailed, err: err}
			}
			text := string(ca.PEM)
			if !pem {
				text = aboutCA(ca, dir)
			}
			_, err = s.out.WriteString(text)
			if err != nil {
				err = &failure{code: exitFailed, err: err}
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&pem, "pem", false, "print the certificate itself")
	return cmd
}

// aboutCA says what a CA is, and how it is trusted.
func aboutCA(ca *localca.CA, dir string) string {
	made := "was made before"
	if ca.New {
		made = "was made now"
	}
	c := certificate.Told(ca.Cert)
	file := shellWords([]string{ca.File})
	var b strings.Builder
	for _, line := range []struct{ what, says string }{
		{"certificate", ca.File + " (" + made + ")"},
		{"subject", c.Subject},
		{"valid until", c.NotAfter.Format(time.DateOnly)},
		{"fingerprint", c.Fingerprint},
		{"", ""},
		{"docker", "docker --tlsverify --tlscacert " + file + " -H tcp://127.0.0.1:2376 version"},
		{"", "DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH=" + shellWords([]string{dir}) + " DOCKER_HOST=tcp://127.0.0.1:2376"},
		{"curl", "curl --cacert " + file + " https://127.0.0.1:2376/version"},
		{"python", "REQUESTS_CA_BUNDLE=" + file + ", or verify= of requests, ca_cert= of docker.tls.TLSConfig"},
		{"node", "NODE_EXTRA_CA_CERTS=" + file},
		{"Go, OpenSSL", "SSL_CERT_FILE=" + file + " (then nothing else is trusted)"},
	} {
		fmt.Fprintln(&b, strings.TrimRight(fmt.Sprintf("%-12s %s", line.what, line.says), " "))
	}
	return b.String()
}
