export declare const tax: number;
