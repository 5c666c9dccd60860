package machine

import (
	"encoding/base64"
	"fmt"
	"os"
)

// The people of the lab: an administrator, and a tenant's user who has rights
// only where a RoleBinding gives them.
const (
	TenantUser      = "team-x-user"
	TenantGroup     = "team-x"
	TenantNamespace = "fluxdemo-dev"
)

// writeAccess writes who may log in, the kubeconfigs and the audit policy.
func (l *Lab) writeAccess() error {
	tokens := fmt.Sprintf("%s,lab-admin,lab-admin,\"system:masters\"\n%s,%s,%s,\"%s\"\n",
		l.Config.AdminToken, l.Config.TenantToken, TenantUser, TenantUser, TenantGroup)
	if err := os.WriteFile(l.path("pki", "tokens.csv"), []byte(tokens), 0o600); err != nil {
		return err
	}
	ca, err := os.ReadFile(l.path("pki", "ca.crt"))
	if err != nil {
		return err
	}
	admin := kubeconfig("lab", l.Server(), ca, "lab-admin", l.Config.AdminToken, "")
	if err := os.WriteFile(l.Kubeconfig(), []byte(admin), 0o600); err != nil {
		return err
	}
	tenant := kubeconfig("lab-tenant", l.Server(), ca, TenantUser, l.Config.TenantToken, TenantNamespace)
	if err := os.WriteFile(l.TenantKubeconfig(), []byte(tenant), 0o600); err != nil {
		return err
	}
	return os.WriteFile(l.path("pki", "audit.yaml"), []byte(auditPolicy), 0o600)
}

// Metadata level proves which requests a client made, without their bodies.
const auditPolicy = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules:
- level: Metadata
`

func kubeconfig(context, server string, ca []byte, user, token, namespace string) string {
	if namespace != "" {
		namespace = "\n    namespace: " + namespace
	}
	return fmt.Sprintf(`apiVersion: v1
kind: Config
current-context: %[1]s
clusters:
- name: lab
  cluster:
    server: %[2]s
    certificate-authority-data: %[3]s
contexts:
- name: %[1]s
  context:
    cluster: lab
    user: %[4]s%[6]s
users:
- name: %[4]s
  user:
    token: %[5]s
`, context, server, base64.StdEncoding.EncodeToString(ca), user, token, namespace)
}
