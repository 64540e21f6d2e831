/// `instances.csv`, inside the program. A test holds the two equal: whoever changes one copies it to the other.
enum InstanceTable {
    static let csv = """
        provider,instance_type,vcpus,memory_gb,gpus,gpu_model,usd_per_hour,region,price_date
        windtunnel,standard,2,8,0,,0.1,local,2024-06-01
        aws,t3.micro,2,1,0,,0.0104,us-east-1,2024-06-01
        aws,t3.medium,2,4,0,,0.0416,us-east-1,2024-06-01
        aws,m5.large,2,8,0,,0.096,us-east-1,2024-06-01
        aws,m5.xlarge,4,16,0,,0.192,us-east-1,2024-06-01
        aws,m5.4xlarge,16,64,0,,0.768,us-east-1,2024-06-01
        aws,c5.xlarge,4,8,0,,0.17,us-east-1,2024-06-01
        aws,r5.large,2,16,0,,0.126,us-east-1,2024-06-01
        aws,g4dn.xlarge,4,16,1,T4,0.526,us-east-1,2024-06-01
        aws,g4dn.12xlarge,48,192,4,T4,3.912,us-east-1,2024-06-01
        aws,g5.xlarge,4,16,1,A10G,1.006,us-east-1,2024-06-01
        aws,p3.2xlarge,8,61,1,V100,3.06,us-east-1,2024-06-01
        aws,p3.8xlarge,32,244,4,V100,12.24,us-east-1,2024-06-01
        aws,p4d.24xlarge,96,1152,8,A100,32.7726,us-east-1,2024-06-01
        gcp,e2-medium,2,4,0,,0.033503,us-central1,2024-06-01
        gcp,e2-standard-4,4,16,0,,0.134012,us-central1,2024-06-01
        gcp,n1-standard-4,4,15,0,,0.189999,us-central1,2024-06-01
        gcp,n2-standard-8,8,32,0,,0.388472,us-central1,2024-06-01
        gcp,g2-standard-4,4,16,1,L4,0.706832,us-central1,2024-06-01
        gcp,a2-highgpu-1g,12,85,1,A100,3.673385,us-central1,2024-06-01
        azure,Standard_B2s,2,4,0,,0.0416,eastus,2024-06-01
        azure,Standard_D2s_v3,2,8,0,,0.096,eastus,2024-06-01
        azure,Standard_D4s_v3,4,16,0,,0.192,eastus,2024-06-01
        azure,Standard_E4s_v3,4,32,0,,0.252,eastus,2024-06-01
        azure,Standard_F4s_v2,4,8,0,,0.169,eastus,2024-06-01
        azure,Standard_NC4as_T4_v3,4,28,1,T4,0.526,eastus,2024-06-01
        azure,Standard_NC6s_v3,6,112,1,V100,3.06,eastus,2024-06-01
        azure,Standard_NC24ads_A100_v4,24,220,1,A100,3.673,eastus,2024-06-01

        """
}
