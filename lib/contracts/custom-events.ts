import { z } from "zod";
import { IngestHeaders, IngestQuery } from "./events";

/** Requests and answers of the endpoints that take custom events. */
export const CustomEventsQuery = IngestQuery.extend({
  data_source_id: z.string().min(1, { error: "must not be empty" }).max(512).optional().meta({
    description: "The data source that the records came from; stored with each row.",
    example: "snowflake-eu",
  }),
});

export const CustomEventsHeaders = IngestHeaders;

export const ExternalFunctionHeaders = z.object({
  "sf-external-function-query-batch-id": z.string().optional().meta({
    description: "Set by Snowflake: the same batch again within 24 hours is not stored twice.",
    example: "01b2c3d4-0000-1111-0000-222233334444:1:0:0",
  }),
  ...IngestHeaders.shape,
});

const RecordText = z.string().meta({
  description: "A JSON string of a record, as Snowflake's TO_JSON makes it.",
  example: '{"event_type":"LOGIN","content_type":"application/json","event_details":{"user_name":"ANA"}}',
});
const RecordShape = z
  .strictObject({
    event_type: z
      .string()
      .min(1)
      .max(128)
      .meta({ description: "What happened, in a word of your own.", example: "LOGIN" }),
    content_type: z.literal("application/json").meta({ description: "Only application/json." }),
    event_details: z.record(z.string(), z.unknown()).meta({
      description: "Any JSON object, stored as it is. Nothing in it is redacted.",
      example: { user_name: "ANA", client_ip: "198.51.100.7", is_success: "YES", error_code: null },
    }),
    event_time: z.number().int().nullish().meta({
      description: "When it happened, milliseconds since 1970. Default: the submission.",
      example: 1_763_769_662_345,
    }),
  })
  .meta({ id: "CustomRecord", description: "One record of POST /v1/custom-events." });
const AnyRecord = z.union([RecordShape, RecordText]);

export const CustomEventsBody = z
  .array(AnyRecord)
  .min(1)
  .max(1_000)
  .meta({ description: "1 to 1,000 records, at most 262,144 bytes in all." });

const rowNumber = z.number().int().min(0).meta({ description: "The row's number, as Snowflake sent it.", example: 0 });

export const ExternalFunctionBody = z.strictObject({
  data: z
    .array(z.tuple([rowNumber, z.union([AnyRecord, z.array(AnyRecord)])]))
    .meta({ description: "One array a row: its number and the argument." }),
});

const RowAnswer = z.strictObject({
  accepted: z.number().int().meta({ description: "Records of the row that are stored.", example: 2 }),
  rejected: z.number().int().meta({ description: "Records of the row that are not.", example: 1 }),
  errors: z
    .array(
      z.strictObject({
        index: z.number().int().meta({ description: "The record's place in the argument, from 0.", example: 1 }),
        pointer: z.string().meta({ description: "JSON Pointer inside the record.", example: "/event_details" }),
        message: z.string().meta({ description: "What is wrong with it.", example: "must be an object" }),
      }),
    )
    .meta({ description: "The first 20 faults of the row." }),
});
export const ExternalFunctionAnswer = z.strictObject({
  data: z.array(z.tuple([rowNumber, RowAnswer])).meta({ description: "One array a row, in the order sent." }),
});
