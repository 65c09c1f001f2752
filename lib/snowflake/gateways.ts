/** Snowflake calls external functions only through one of these; each says what its API integration needs to know. */
export const GATEWAYS = ["aws", "azure", "google"] as const;
export type GatewayId = (typeof GATEWAYS)[number];

export interface GatewayField {
  /** The parameter of CREATE API INTEGRATION. */
  parameter: string;
  label: string;
  /** Shown, and printed where nothing was filled in. */
  example: string;
}

export interface Gateway {
  id: GatewayId;
  name: string;
  /** The value of API_PROVIDER. */
  provider: string;
  urlExample: string;
  fields: readonly GatewayField[];
  /** Where the gateway adds the API key on its way to us. */
  keyPlace: string;
  /** How the gateway comes to trust Snowflake, once the integration is there. */
  trust: string;
}

export const gateways: Record<GatewayId, Gateway> = {
  aws: {
    id: "aws",
    name: "Amazon API Gateway",
    provider: "aws_api_gateway",
    urlExample: "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/custom-events",
    fields: [
      {
        parameter: "API_AWS_ROLE_ARN",
        label: "Role ARN that Snowflake assumes",
        example: "arn:aws:iam::123456789012:role/snowflake-external-functions",
      },
    ],
    keyPlace: "In the integration request, map the header Authorization to 'Bearer afd_…', in single quotes.",
    trust:
      "DESCRIBE INTEGRATION shows API_AWS_IAM_USER_ARN and API_AWS_EXTERNAL_ID: put both into the trust policy of the role, and allow the role in the resource policy of the API.",
  },
  azure: {
    id: "azure",
    name: "Azure API Management",
    provider: "azure_api_management",
    urlExample: "https://example.azure-api.net/affidavit/custom-events",
    fields: [
      { parameter: "AZURE_TENANT_ID", label: "Tenant ID", example: "11111111-2222-3333-4444-555555555555" },
      {
        parameter: "AZURE_AD_APPLICATION_ID",
        label: "Application ID in Microsoft Entra ID",
        example: "66666666-7777-8888-9999-000000000000",
      },
    ],
    keyPlace: "In the inbound policy, use set-header to set Authorization to Bearer afd_…, from a secret named value.",
    trust:
      "DESCRIBE INTEGRATION shows AZURE_CONSENT_URL: open it once as an administrator of the tenant, and validate the JWT in the inbound policy.",
  },
  google: {
    id: "google",
    name: "Google Cloud API Gateway",
    provider: "google_api_gateway",
    urlExample: "https://affidavit-a1b2c3.ew.gateway.dev/custom-events",
    fields: [
      {
        parameter: "GOOGLE_AUDIENCE",
        label: "Audience",
        example: "affidavit-0a1b2c3d4e5f6.apigateway.example-project.cloud.goog",
      },
    ],
    keyPlace:
      "API Gateway sets no fixed header by itself: let it call a small Cloud Run service that adds Authorization: Bearer afd_… from Secret Manager.",
    trust:
      "DESCRIBE INTEGRATION shows API_GCP_SERVICE_ACCOUNT: name it as the issuer in the security definition of the API.",
  },
};
