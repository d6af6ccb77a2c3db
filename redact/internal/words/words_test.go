package words

import (
	"strings"
	"testing"
)

// usual are names that secrets go by in APIs and programs.
var usual = strings.Fields(`SecretString SecretBinary secretAccessKey SecretAccessKey SessionToken secret_key SecretData secretData secret_value secretValue
	clientSecret client_secret userPassword passwordHash password_hash passphrase Passphrase pwd passwd credentials Credentials apiKey api_key apikey x-api-key
	privateKey private_key privateKeyPem PrivateKey kubeconfig accessToken access_token refreshToken idToken id_token bearer authToken authorizationToken
	auth_token jwt sasToken connectionString ConnectionString dsn webhook_secret signingKey encryptionKey encryption_key master_key masterKey unsealKey unseal_key
	root_token otp totp pin cookie sessionId session_id csrfToken sshKey ssh_key preSharedKey psk PresharedKey wgPrivateKey license_key code client_assertion
	assertion SAMLResponse newPassword old_password confirmPassword password1 PASSWORD Password2 secrets secret_env stringData registrytoken identitytoken auth
	Authorization`)

// more are further ones, of all kinds of words.
var more = strings.Fields(`db_password githubToken MYSQL_PWD PRIVATE_X DB_PASS DBPASS dbpass smtpPass X-Vault-Token npm_config__authToken AWS_SECRET_ACCESS_KEY aws.secret.key
	spring.datasource.password com.example.api-key client-key-data SSHPASS REDIS_PW pw db-pw DbPw pass_word passPhrase GITHUB_PAT_TOKEN JWT_SECRET my.secret
	X-CSRF auth-key VAULT_SECRET_ID secret_id secretId keys_base64 KeyMaterial key_pem apikeys dbpassword userpwd mysqlpwd JSESSIONID PHPSESSID connect.sessionId
	code_verifier authorization_code device-code connStr DB_CONN_STR conn_string dotfiles_credentials creds basicauth.users proxyauth
	paſſword to\u212aen sso-key sshkey hmacKey accessKeys sig X-Amz-Signature X-Hub-Signature-256 oauth Password-2 PASSWORD_OLD cookies`)

// ordinary are names that have such words, or pieces of them, and are none.
var ordinary = strings.Fields(`author authors AUTHORITY authorized authenticated WWW-Authenticate Proxy-Authenticate passive passenger bypass compass PassThrough pass-through
	TokenBucket token_type tokenUrl TOKEN_EXPIRES_IN tokentype tokenurl secretname SecretName secretNames SecretID SecretIDs secretRef SecretReference PasswordPolicy passwordMinLength
	KeyPair KeyPairs KeyName key_name KeyUsage keyType key-size PublicKey public_key ssh_public_key publickey PRIMARY_KEY sort.key cacheKey DetachKeys detachKeys GPG_KEY authorized_keys
	Sec-WebSocket-Key Idempotency-Key keyboard KEYBOARD_LAYOUT keyspace keystore monkey turkey keepalive keep-alive tokenizer TOKENIZERS_PARALLELISM secretary
	PrivatePort private_ip PrivateIpAddress private-network AuthUser authMethod auth_url registryAuthFrom CredentialSpec credsStore credHelpers CREDENTIALS_MODE
	ExitCode StatusCode error_code country_code encoding codec spin mapping pinned Pinning pipeline session sessions Session-Name SignatureVersion
	config-hash content hash string data StringValue response SandboxKey_name PidsLimit Created Driver Shared Required secret_name key_id
	cookie_domain jwt_issuer JWT_ALGORITHM otp_length OldPath pwned pw_dir Authenticator
	SSH_AUTH_SOCK GIT_ASKPASS SSH_ASKPASS passwordless KAFKA_KEY_SERIALIZER key.deserializer CONNECT_KEY_CONVERTER`)

func TestOf(t *testing.T) {
	for _, name := range append(usual, more...) {
		name = strings.ReplaceAll(name, `\u212a`, "\u212a")
		for _, s := range []string{name, "x-" + name, "MY_" + name, "a.b." + name} {
			if s != name && (name == "code" || strings.HasSuffix(name, "SecretId")) {
				continue // "my_code" may be anything
			}
			if m := Of([]byte(s)); m&Secret == 0 || m&Weak != 0 {
				t.Errorf("%q: got %b", s, m)
			}
		}
		if strings.ToLower(name) == name && Of([]byte(strings.ToUpper(name))) == 0 {
			t.Errorf("%q: not in capitals", name)
		}
	}
	for _, name := range append(ordinary, "", "_", "-", "x") {
		if m := Of([]byte(name)); m != 0 {
			t.Errorf("%q: got %b", name, m)
		}
	}
}
